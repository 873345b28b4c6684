import { execFileSync } from 'node:child_process';
import { arch, cpus, platform, release } from 'node:os';

/** On what something was measured. */
export interface Setting {
  /** Processor, system, Node.js and Redis. */
  readonly machine: string;
  /** The commit, and whether the sources differ from it. */
  readonly commit: string;
}

/**
 * What can be known of the machine and of the sources.
 *
 * @param server name and version of the Redis server
 * @param folders of the sources that are measured
 */
export function describeSetting(server: string, folders: readonly string[]): Setting {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return {
    machine: `${model}, ${cpus().length} cores, ${platform()} ${release()} (${arch()}); Node.js ${process.versions.node}, ${server}`,
    commit: commit(folders),
  };
}

function commit(folders: readonly string[]): string {
  const head = git('rev-parse', '--short', 'HEAD');
  if (head === undefined) return 'an unknown commit';
  const differs = git('status', '--porcelain', '--', ...folders) !== '';
  return `commit ${head}${differs ? ', with changes' : ''}`;
}

function git(...args: string[]): string | undefined {
  const cwd = new URL('../../../../', import.meta.url);
  try {
    return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
