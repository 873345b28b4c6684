import { spawnSync } from 'node:child_process';

/** Cores that measure without disturbing each other. */
export interface Cores {
  readonly server: number;
  readonly client: number;
}

/** A core for the server and another one for this process; undefined where there are no two, or no `taskset`. */
export function twoCores(): Cores | undefined {
  const [client, server] = allowedCores().slice(-2);
  return client === undefined || server === undefined ? undefined : { client, server };
}

/** The cores that this process may run on; none where there is no `taskset` to choose among them. */
export function allowedCores(): number[] {
  const { status, stdout } = spawnSync('taskset', ['-c', '-p', String(process.pid)], { encoding: 'utf8' });
  return status === 0 ? coresOf(stdout.split(':').at(-1) ?? '') : [];
}

/** Binds a process with all its threads to a core. @throws Error where that fails */
export function pin(pid: number, core: number): void {
  const { status, stderr } = spawnSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`process ${pid} cannot be bound to core ${core}: ${stderr}`);
}

/** The cores of a list such as `0,2-4`. */
function coresOf(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first = NaN, last = first] = range.trim().split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
