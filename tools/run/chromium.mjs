import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

import { installPackage, isOnPath } from './packages.mjs';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'chromium-headless-shell'];
const STARTS_WITHIN_MS = 30_000;

/** The name of a Chromium on the PATH that can be started, or undefined. */
export function findChromium() {
  // Ubuntu has a script of that name that only tells to get another one.
  return BROWSERS.filter(isOnPath).find(
    (name) => spawnSync(name, ['--version'], { timeout: STARTS_WITHIN_MS, stdio: 'ignore' }).status === 0,
  );
}

/** Whether `installChromium` can be expected to install one: as root on Debian. */
export function canInstallChromium() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^ID=debian$/m.test(release) && isOnPath('apt-get') && process.getuid?.() === 0;
}

/** Installs a Chromium where there is none and it can; its absence is no error here: tests that need one say so. */
export async function installChromium() {
  if (findChromium() !== undefined || !canInstallChromium()) return;
  await installPackage('Chromium for the tests in a browser', { 'apt-get': 'chromium' });
}
