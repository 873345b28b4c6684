import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { runChild, StepError } from './child.mjs';

const SERVERS = ['redis-server', 'valkey-server'];

/** Debian's way to keep a package from starting its service: 101 says that it is not allowed to. */
const POLICY_FILE = '/usr/sbin/policy-rc.d';

const HOW_TO_GET_ONE = `Neither redis-server nor valkey-server is installed, and it could not be installed from here. Either
  - install it: apt-get install redis-server, dnf install valkey, apk add redis, brew install redis
  - or set REDIS_URL to a Redis of your own (for npm start)
  - or run everything in containers: docker compose up --build`;

/** Ways to install a server where none is; only its program is used, never its service. */
const INSTALLERS = [
  { program: 'apt-get', asRoot: true, install: installWithApt },
  { program: 'dnf', asRoot: true, install: () => quietly('dnf', ['install', '-y', '-q', 'valkey']) },
  { program: 'apk', asRoot: true, install: () => quietly('apk', ['add', '--no-progress', 'redis']) },
  { program: 'brew', asRoot: false, install: () => quietly('brew', ['install', 'redis']) },
];

/**
 * Sees to it that there is a Redis or Valkey server on the PATH.
 *
 * @throws StepError that says how to get one
 */
export async function installRedis() {
  if (SERVERS.some(isOnPath)) return;
  const isRoot = process.getuid?.() === 0;
  const installer = INSTALLERS.find(({ program, asRoot }) => isOnPath(program) && asRoot === isRoot);
  if (installer !== undefined) {
    console.log(`Installing a Redis server (${installer.program})`);
    await installer.install();
  }
  if (!SERVERS.some(isOnPath)) throw new StepError(HOW_TO_GET_ONE);
}

async function installWithApt() {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const ours = !existsSync(POLICY_FILE);
  if (ours) writeFileSync(POLICY_FILE, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await quietly('apt-get', ['update', '-q'], env);
    await quietly('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'redis-server'], env);
  } finally {
    if (ours) rmSync(POLICY_FILE, { force: true });
  }
  // Nor is it to start with the machine.
  if (existsSync('/run/systemd/system')) await quietly('systemctl', ['disable', 'redis-server']);
}

async function quietly(program, args, env) {
  return runChild(program, args, { quiet: true, env });
}

function isOnPath(program) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)));
}
