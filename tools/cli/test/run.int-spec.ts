import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const tools = join(__dirname, '../..');

interface Dependencies {
  isInstalled(lock: Lock, installed: Lock): boolean;
}
interface Lock {
  readonly packages: Readonly<Record<string, object>>;
}
const { isInstalled } = jest.requireActual<Dependencies>('../../run/dependencies.mjs');
const { assertNodeVersion } = jest.requireActual<{ assertNodeVersion(version: string): void }>(
  '../../run/node-version.mjs',
);

describe('assertNodeVersion', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.21.0'])('takes %s', (version) => {
    expect(() => {
      assertNodeVersion(version);
    }).not.toThrow();
  });

  it.each(['18.20.0', '20.18.9', '9.99.9'])('refuses %s', (version) => {
    expect(() => {
      assertNodeVersion(version);
    }).toThrow(`Node.js 20.19 or newer is needed; this is ${version}`);
  });
});

describe('isInstalled', () => {
  const required = {
    'node_modules/cli': { link: true },
    'node_modules/a': { version: '1.0.0', integrity: 'x' },
  };
  const whole = { ...required, 'node_modules/a-linux': { version: '1.0.0', integrity: 'y', optional: true } };
  const lock = { packages: { '': { name: 'workspace' }, 'tools/cli': { version: '0.1.0' }, ...whole } };

  it('takes what npm says that it installed, without what is optional', () => {
    expect(isInstalled(lock, { packages: whole })).toBe(true);
    expect(isInstalled(lock, { packages: required })).toBe(true);
  });

  it.each([
    ['a package is missing', { 'node_modules/cli': whole['node_modules/cli'] }],
    ['a package has another version', { ...whole, 'node_modules/a': { version: '1.0.1', integrity: 'x' } }],
    ['a package is of another origin', { ...whole, 'node_modules/a': { version: '1.0.0', integrity: 'z' } }],
    ['a package is there that nobody wants', { ...whole, 'node_modules/b': { version: '1.0.0' } }],
  ])('is not content where %s', (_what, packages) => {
    expect(isInstalled(lock, { packages })).toBe(false);
  });
});

describe('total.mjs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'total-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function total(report: object | undefined, exitCode: number): { line: string; status: number | null } {
    const file = join(folder, 'report.json');
    if (report !== undefined) writeFileSync(file, JSON.stringify(report));
    const { stdout, status } = spawnSync(process.execPath, [
      join(tools, 'run/total.mjs'),
      file,
      `${exitCode}`,
    ]);
    return { line: stdout.toString(), status };
  }

  it.each([
    [{ numPassedTests: 7, numFailedTests: 0, numRuntimeErrorTestSuites: 0 }, 0, 7, 0],
    [{ numPassedTests: 5, numFailedTests: 2, numRuntimeErrorTestSuites: 1 }, 1, 5, 3],
    // A check other than the tests failed.
    [{ numPassedTests: 7, numFailedTests: 0, numRuntimeErrorTestSuites: 0 }, 1, 7, 1],
    // The tests did not run, or did not end.
    [undefined, 0, 0, 1],
  ])('counts %j of a run that ended with %i', (report, exitCode, passed, failed) => {
    expect(total(report, exitCode)).toEqual({
      line: `Tests: ${passed} passed, ${failed} failed\n`,
      status: failed === 0 ? 0 : 1,
    });
  });
});

describe('run.mjs', () => {
  it('explains its use', () => {
    const run = (): unknown =>
      execFileSync(process.execPath, [join(tools, 'run.mjs'), 'dance'], { stdio: 'pipe' });
    expect(run).toThrow('Usage: node tools/run.mjs start|test|build|import|compare|audit');
  });
});
