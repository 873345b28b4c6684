import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Servers that speak the protocol, the preferred one first. */
const NAMES = ['redis-server', 'valkey-server'];

/** The path of the first Redis or Valkey server on the PATH, or undefined. */
export function findRedisExecutable(path = process.env.PATH ?? ''): string | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
