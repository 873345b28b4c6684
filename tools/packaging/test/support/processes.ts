import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Longer than anything here takes; a program that hangs is killed, and says so. */
const TIME_LIMIT_MS = 240_000;

/**
 * Runs a program and resolves with what it wrote.
 *
 * @throws Error with all that it wrote, where it does not end with code 0.
 */
export async function run(file: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const options = { cwd, timeout: TIME_LIMIT_MS, maxBuffer: 16_000_000 };
    const { stdout } = await execute(file, [...args], options);
    return stdout;
  } catch (error) {
    const { message, stdout } = error as { message: string; stdout: string };
    throw new Error(`${message}\n${stdout}`, { cause: error });
  }
}

/** Runs npm: the one that runs these tests, or the one on the PATH. */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  const script = process.env.npm_execpath ?? '';
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  return basename(script).startsWith('npm') && existsSync(script)
    ? run(process.execPath, [script, ...args, ...quietly], cwd)
    : run('npm', [...args, ...quietly], cwd);
}
