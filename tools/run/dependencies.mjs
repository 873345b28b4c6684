import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { requireChild } from './child.mjs';

/**
 * Runs `npm ci` unless what the lock file says is installed already.
 *
 * No package needs its install script: those that have one bring their programs along as packages of the platform.
 */
export async function installDependencies(root) {
  const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const stamp = join(root, 'node_modules', '.installed-lock');
  const hash = createHash('sha256').update(lockText).digest('hex');
  if (readIfThere(stamp) === hash) return;
  const installed = readIfThere(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined || !isInstalled(JSON.parse(lockText), JSON.parse(installed))) {
    console.log('Installing the packages of the lock file (npm ci)');
    const [program, ...args] = npm();
    await requireChild('npm ci', program, [...args, 'ci', '--ignore-scripts', '--no-progress'], {
      quiet: true,
    });
  }
  writeFileSync(stamp, hash);
}

/**
 * Compares the lock file with npm's own note of what it installed. Packages for other platforms, and optional ones, may
 * be absent; none may have another version, and none may be there that the lock file does not know.
 */
export function isInstalled(lock, installed) {
  const wanted = lock.packages;
  const found = installed.packages;
  const asWanted = Object.entries(wanted).every(([path, entry]) => {
    // The other entries are the workspace's own folders.
    if (!path.includes('node_modules/')) return true;
    const there = found[path];
    if (there === undefined) return Boolean(entry.optional || entry.peer || entry.devOptional);
    return there.version === entry.version && there.integrity === entry.integrity;
  });
  return asWanted && Object.keys(found).every((path) => path in wanted);
}

/** How to call npm: the one that runs this, or the one on the PATH. */
function npm() {
  const script = process.env.npm_execpath ?? '';
  return basename(script).startsWith('npm') && existsSync(script) ? [process.execPath, script] : ['npm'];
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
