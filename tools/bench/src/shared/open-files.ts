import { spawnSync } from 'node:child_process';

import { whole } from './statistics.js';

/** What a process has open beside the connections that are measured. */
const OTHER_FILES = 100;

/** @throws Error where a process that is started from here may not have so many connections open */
export function requireConnections(count: number): void {
  const { status, stdout } = spawnSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' });
  const limit = status === 0 ? stdout.trim() : 'unlimited';
  if (limit === 'unlimited' || Number(limit) >= count + OTHER_FILES) return;
  throw new Error(
    `${whole(count)} connections need ${whole(count + OTHER_FILES)} open files in a process, and the limit is ` +
      `${whole(Number(limit))}: raise it, for example by \`ulimit -n ${count + OTHER_FILES}\``,
  );
}
