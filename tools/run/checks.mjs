import { existsSync, rmSync, statSync } from 'node:fs';

import { NX_ENV } from './build.mjs';
import { binary, runChild } from './child.mjs';

const REPORT = '.nx/jest-report.json';
const MINUTE = 60_000;
/** The report is written when the last test is over; whatever runs on then was left open by a test. */
const END_GRACE_MS = 30_000;

/** Everything but the tests, in the order in which a failure explains the later ones. */
const CHECKS = [
  { what: 'Project references', args: [binary('nx'), 'sync:check'] },
  { what: 'Build', args: nx('build') },
  { what: 'Types', args: nx('typecheck') },
  { what: 'Lint', args: nx('lint') },
  { what: 'Lint of scripts', args: [binary('eslint'), '*.mjs', 'tools/*.mjs', 'tools/run'] },
  { what: 'API reference', args: ['tools/run/api-reference.mjs'] },
  { what: 'Format', args: [binary('prettier'), '--check', '--log-level=warn', '.'] },
  { what: 'Unused code', args: [binary('knip'), '--no-progress'] },
];

/**
 * Runs every check and every test, also after a failure, so that one run tells everything.
 *
 * @param {string[]} jestArgs passed on to Jest
 * @returns {Promise<number>} the exit code
 */
export async function runChecks(jestArgs) {
  const failed = [];
  for (const { what, args } of CHECKS) {
    if (!(await check(what, args))) failed.push(what);
  }
  if (!(await runTests(jestArgs))) failed.push('Tests');
  console.log(failed.length === 0 ? '\nEverything is in order' : `\nFailed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
}

async function check(what, args) {
  const startedAt = Date.now();
  const { ok, ending } = await runChild(process.execPath, args, {
    quiet: true,
    overdue: timeLimit(10 * MINUTE),
    env: NX_ENV,
  });
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(ok ? `${what}: passed in ${seconds} s` : `${what}: FAILED in ${seconds} s (${ending})`);
  return ok;
}

/** Jest waits for ever for what a test left open; then it is killed, and that counts as a failure. */
async function runTests(jestArgs) {
  rmSync(REPORT, { force: true });
  const withinLimit = timeLimit(Number(process.env.TEST_TIME_LIMIT_MINUTES || 20) * MINUTE);
  const args = [binary('jest'), '--ci', '--json', `--outputFile=${REPORT}`, ...jestArgs];
  const { ok, ending } = await runChild(process.execPath, args, {
    overdue: () => withinLimit() ?? leftOpen(),
  });
  console.log(ok ? 'Tests: passed' : `Tests: FAILED (${ending})`);
  return ok && existsSync(REPORT);
}

function leftOpen() {
  const writtenAt = existsSync(REPORT) ? statSync(REPORT).mtimeMs : Number.POSITIVE_INFINITY;
  return Date.now() - writtenAt > END_GRACE_MS ? 'something that a test left open' : undefined;
}

function timeLimit(ms) {
  const endsAt = Date.now() + ms;
  return () => (Date.now() > endsAt ? `its time limit of ${ms / MINUTE} minutes` : undefined);
}

function nx(target) {
  return [binary('nx'), 'run-many', '-t', target, '--output-style=static', '--parallel=2'];
}
