import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { npm } from './processes.js';

const workspace = join(__dirname, '../../../..');

/** The packages that are published. */
export const PUBLISHED = ['redis-fanout', 'redis-fanout-client', 'redis-streams-transport'] as const;
export type PublishedName = (typeof PUBLISHED)[number];

export interface Packed {
  /** The path of the tarball. */
  readonly tarball: string;
  /** The paths in it, sorted. */
  readonly files: readonly string[];
}

/** Packs a library as it was built last. */
export async function pack(name: PublishedName, into: string): Promise<Packed> {
  const output = await npm(['pack', '--json', '--pack-destination', into], libraryFolder(name));
  const [packed] = JSON.parse(output) as [{ filename: string; files: { path: string }[] }];
  return { tarball: join(into, packed.filename), files: packed.files.map(({ path }) => path).sort() };
}

export function libraryFolder(name: PublishedName): string {
  return join(workspace, 'libs', name);
}

/** The version of a package that the workspace is developed with. */
export function pinnedVersion(name: string): string {
  const manifest = join(workspace, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

/** The program of a package of the workspace, for Node to run. */
export function program(name: string): string {
  return join(workspace, 'node_modules/.bin', name);
}
