import { StepError } from './child.mjs';

/** The first version that can `require` an ES module, which some packages do. */
const OLDEST = [20, 19];

/** @throws StepError where this Node.js is too old */
export function assertNodeVersion(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new StepError(
    `Node.js ${OLDEST.join('.')} or newer is needed; this is ${version}. See https://nodejs.org`,
  );
}
