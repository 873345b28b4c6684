import { readFileSync } from 'node:fs';

/** A process, told apart from a later one with the same number by when it began. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks since the machine started; undefined where the system does not say. */
  readonly startedAt?: string | undefined;
}

/** Marks a living process. */
export function markOf(pid: number): ProcessMark {
  return { pid, startedAt: startOf(pid) };
}

/** True while the very process that was marked is there. */
export function isAlive({ pid, startedAt }: ProcessMark): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startOf(pid);
  return startedAt === undefined || now === undefined || now === startedAt;
}

/** When a process began, as Linux says in the 22nd field; the second one, a name in brackets, may hold blanks. */
function startOf(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return fields.slice(fields.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
