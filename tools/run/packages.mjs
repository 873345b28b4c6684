import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { runChild } from './child.mjs';

/** Debian's way to keep a package from starting its service: 101 says that it is not allowed to. */
const POLICY_FILE = '/usr/sbin/policy-rc.d';

/** Ways to install a program; only the program is used, never its service. */
const MANAGERS = [
  { manager: 'apt-get', asRoot: true, install: installWithApt },
  { manager: 'dnf', asRoot: true, install: (name) => quietly('dnf', ['install', '-y', '-q', name]) },
  { manager: 'apk', asRoot: true, install: (name) => quietly('apk', ['add', '--no-progress', name]) },
  { manager: 'brew', asRoot: false, install: (name) => quietly('brew', ['install', name]) },
];

/**
 * Installs a package where one of the managers is there and may do so. What became of it is for the caller to look at; where
 * the manager fails it is shown what it wrote.
 *
 * @param {string} what the package is, in words
 * @param {Record<string, string>} names the package's name by manager
 */
export async function installPackage(what, names) {
  const isRoot = process.getuid?.() === 0;
  const found = MANAGERS.find(
    ({ manager, asRoot }) => Object.hasOwn(names, manager) && isOnPath(manager) && asRoot === isRoot,
  );
  if (found === undefined) return;
  console.log(`Installing ${what} (${found.manager})`);
  await found.install(names[found.manager]);
}

export function isOnPath(program) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)));
}

async function installWithApt(name) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const ours = !existsSync(POLICY_FILE);
  if (ours) writeFileSync(POLICY_FILE, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await quietly('apt-get', ['update', '-q'], env);
    await quietly('apt-get', ['install', '-q', '-y', '--no-install-recommends', name], env);
  } finally {
    if (ours) rmSync(POLICY_FILE, { force: true });
  }
}

async function quietly(program, args, env) {
  return runChild(program, args, { quiet: true, env });
}
