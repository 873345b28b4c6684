import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { isAlive, markOf, type ProcessMark } from './process-mark.js';
import { SettingError } from './settings.js';

interface LockContent extends ProcessMark {
  readonly redis?: RedisMark | undefined;
}

/** The Redis that works on the data. */
export interface RedisMark extends ProcessMark {
  readonly port: number;
}

/** The right to work on a data folder. */
export interface DataLock {
  /** The Redis that the last owner left behind when it died, if any: it must be gone before another starts. */
  readonly orphan: RedisMark | undefined;
  /** Notes which Redis works on the data from now on. */
  noteRedis(pid: number, port: number): void;
  release(): void;
}

/**
 * Takes the data folder, which is created where it is missing. A lock whose owner is dead is taken over.
 *
 * @throws SettingError where a living process has it
 */
export function lockDataDir(dataDir: string): DataLock {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'start.lock');
  const self = markOf(process.pid);
  const orphan = take(file, self, dataDir);
  return {
    orphan,
    noteRedis: (pid, port) => {
      replace(file, { ...self, redis: { ...markOf(pid), port } });
    },
    release: () => {
      rmSync(file, { force: true });
    },
  };
}

function take(file: string, self: ProcessMark, dataDir: string): RedisMark | undefined {
  const mine = `${file}.${self.pid}`;
  writeFileSync(mine, JSON.stringify(self));
  try {
    // A link either is the first of its name or fails, and the file is whole at once.
    for (let orphan: RedisMark | undefined; ;) {
      if (tryLink(mine, file)) return orphan;
      const owner = read(file);
      if (owner !== undefined && isAlive(owner)) throw taken(dataDir, owner);
      orphan = takeAway(file, `${mine}.stale`) ?? orphan;
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Removes a stale lock; puts it back where another process was quicker and it is no longer stale. */
function takeAway(file: string, aside: string): RedisMark | undefined {
  try {
    renameSync(file, aside);
  } catch {
    return undefined;
  }
  const owner = read(aside);
  if (owner !== undefined && isAlive(owner)) tryLink(aside, file);
  rmSync(aside, { force: true });
  return owner?.redis;
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function replace(file: string, content: LockContent): void {
  writeFileSync(`${file}.new`, JSON.stringify(content));
  renameSync(`${file}.new`, file);
}

function read(file: string): LockContent | undefined {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as Partial<LockContent>;
    return typeof content.pid === 'number' ? (content as LockContent) : undefined;
  } catch {
    return undefined;
  }
}

function taken(dataDir: string, { pid }: ProcessMark): SettingError {
  return new SettingError(
    `${dataDir} is in use by process ${pid}: stop that one, or set DATA_DIR (and PORT_BASE) for a second system`,
  );
}
