import { existsSync } from 'node:fs';

import { runChild, StepError } from './child.mjs';
import { installPackage, isOnPath } from './packages.mjs';

const SERVERS = ['redis-server', 'valkey-server'];

const HOW_TO_GET_ONE = `Neither redis-server nor valkey-server is installed, and it could not be installed from here. Either
  - install it: apt-get install redis-server, dnf install valkey, apk add redis, brew install redis
  - or set REDIS_URL to a Redis of your own (for npm start)
  - or run everything in containers: docker compose up --build`;

const NAMES = { 'apt-get': 'redis-server', dnf: 'valkey', apk: 'redis', brew: 'redis' };

/**
 * Sees to it that there is a Redis or Valkey server on the PATH.
 *
 * @throws StepError that says how to get one
 */
export async function installRedis() {
  if (SERVERS.some(isOnPath)) return;
  await installPackage('a Redis server', NAMES);
  if (!SERVERS.some(isOnPath)) throw new StepError(HOW_TO_GET_ONE);
  // Nor is Debian's to start with the machine.
  if (isOnPath('apt-get') && existsSync('/run/systemd/system')) {
    await runChild('systemctl', ['disable', 'redis-server'], { quiet: true });
  }
}
