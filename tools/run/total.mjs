/**
 * Prints the total of a run of all tests, from Jest's report: `node tools/run/total.mjs REPORT EXIT_CODE`. What failed
 * outside of a test (a suite that does not load, a check, a run that broke off) counts as at least one failure.
 */
import { existsSync, readFileSync } from 'node:fs';

/** Counts what passed and what failed. */
function countTests(report, exitCode) {
  const passed = report?.numPassedTests ?? 0;
  const failed = (report?.numFailedTests ?? 0) + (report?.numRuntimeErrorTestSuites ?? 0);
  return { passed, failed: exitCode === 0 && report !== undefined ? failed : Math.max(1, failed) };
}

const [file = '', exitCode = '1'] = process.argv.slice(2);
const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
const { passed, failed } = countTests(report, Number(exitCode));
console.log(`Tests: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
