import { readFileSync } from 'node:fs';

/** The packages that others than us have written, and that are measured. */
const MEASURED = ['socket.io', '@socket.io/redis-streams-adapter', 'ws', 'ioredis'] as const;

/** Their versions: they are pinned exactly. */
export function packageVersions(): Record<string, string> {
  const file = new URL('../../package.json', import.meta.url);
  const { dependencies } = JSON.parse(readFileSync(file, 'utf8')) as { dependencies: Record<string, string> };
  return Object.fromEntries(MEASURED.map((name) => [name, dependencies[name] ?? '']));
}
