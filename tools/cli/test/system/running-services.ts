import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { freePort } from 'embedded-redis';
import { until } from 'test-support';

import { type ImportLine } from '../../src/index.js';

const APPS = fileURLToPath(new URL('../../../../apps', import.meta.url));

/** A built service as a process of its own. */
export class RunningService {
  private child: ChildProcess;
  private log = '';

  private constructor(
    private readonly name: string,
    private readonly env: NodeJS.ProcessEnv,
    readonly url: string,
  ) {
    this.child = this.spawn();
  }

  static async start(name: string, env: NodeJS.ProcessEnv): Promise<RunningService> {
    const port = await freePort();
    const service = new RunningService(name, { ...env, PORT: String(port) }, `http://127.0.0.1:${port}`);
    await service.ready();
    return service;
  }

  async ready(): Promise<void> {
    await until(async () => {
      if (this.child.exitCode !== null) throw new Error(`${this.name} ended:\n${this.log}`);
      return (await fetch(`${this.url}/health/ready`)).ok;
    }, `${this.name} is ready`);
  }

  /** Kills the process where it stands, and starts it again. */
  async killAndRestart(): Promise<void> {
    const gone = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await gone;
    this.child = this.spawn();
  }

  /** Stops it in order and resolves with the exit code. */
  async stop(): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const gone = once(this.child, 'close');
    this.child.kill('SIGTERM');
    await gone;
    return this.child.exitCode;
  }

  private spawn(): ChildProcess {
    const child = spawn(process.execPath, [`${APPS}/${this.name}/dist/main.js`], {
      env: { PATH: process.env.PATH, LOG_LEVEL: 'warn', ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer): void => {
      this.log = (this.log + chunk.toString()).slice(-4000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    return child;
  }
}

/** Sends lines through `POST /import`. Resolves with the last line of the answer. */
export async function importLines(
  postService: string,
  lines: readonly ImportLine[],
): Promise<Record<string, number>> {
  const body = lines.map((line) => JSON.stringify(line)).join('\n');
  const response = await fetch(`${postService}/import`, { method: 'POST', body });
  const answer = (await response.text()).trim().split('\n');
  return JSON.parse(answer.at(-1) ?? '') as Record<string, number>;
}
