import { spawnSync } from 'node:child_process';

let allowed: readonly number[] | undefined;

/** The cores that this process could run on before it was bound to one; none where there is no `taskset` to choose among them. */
export function allowedCores(): readonly number[] {
  if (allowed !== undefined) return allowed;
  const { status, stdout } = spawnSync('taskset', ['-c', '-p', String(process.pid)], { encoding: 'utf8' });
  allowed = status === 0 ? coresIn(stdout.split(':').at(-1) ?? '') : [];
  return allowed;
}

/** Binds a process with all its threads to a core. @throws Error where that fails */
export function pin(pid: number, core: number): void {
  const { status, stderr } = spawnSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`process ${pid} cannot be bound to core ${core}: ${stderr}`);
}

/** The cores of a list such as `0,2-4`. */
function coresIn(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first = NaN, last = first] = range.trim().split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
