import { readFileSync } from 'node:fs';

/** Versions of packages that others than us have written, and that are measured: they are pinned exactly. */
export function packageVersions(...names: readonly string[]): Record<string, string> {
  const file = new URL('../../package.json', import.meta.url);
  const { dependencies } = JSON.parse(readFileSync(file, 'utf8')) as { dependencies: Record<string, string> };
  return Object.fromEntries(names.map((name) => [name, dependencies[name] ?? '']));
}
