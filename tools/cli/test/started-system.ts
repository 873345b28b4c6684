import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { until } from 'test-support';

const MAIN = new URL('../dist/start/main.js', import.meta.url).href;
const SERVICES = ['post-service', 'timeline-service', 'notifier', 'fanout-worker'];

/** Services that do nothing but say that they are ready, and note when they are asked to stop. */
export function writeServices(root: string, options: { stubborn?: string } = {}): void {
  for (const name of SERVICES) {
    const dist = join(root, 'apps', name, 'dist');
    mkdirSync(dist, { recursive: true });
    const end = options.stubborn === name ? '' : 'process.exit()';
    writeFileSync(
      join(dist, 'main.js'),
      `const { PORT, HOST, REDIS_URL } = process.env;
       require('node:http').createServer((request, response) => {
         response.end(JSON.stringify({ pid: process.pid, redisUrl: REDIS_URL }));
       }).listen(Number(PORT), HOST);
       console.log(JSON.stringify({ service: '${name}', text: 'x'.repeat(5000) }));
       process.on('SIGTERM', () => {
         require('node:fs').appendFileSync(${JSON.stringify(join(root, 'stopped'))}, '${name}\\n');
         ${end}
       });`,
    );
  }
}

/** The command `start` as a process of its own. */
export class StartedSystem {
  readonly child: ChildProcess;
  readonly exitCode: Promise<number | null>;
  /** Everything that it has written. */
  output = '';

  constructor(root: string, env: NodeJS.ProcessEnv) {
    const script = `import { main } from ${JSON.stringify(MAIN)}; process.exit(await main(${JSON.stringify(root)}));`;
    this.child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, ...env },
    });
    const keep = (chunk: Buffer): void => {
      this.output += chunk.toString();
    };
    this.child.stdout?.on('data', keep);
    this.child.stderr?.on('data', keep);
    this.exitCode = once(this.child, 'close').then(([code]) => code as number | null);
  }

  get redisUrl(): string {
    return /redis +(redis:\S+)/.exec(this.output)?.[1] ?? '';
  }

  async ready(): Promise<void> {
    await until(() => {
      if (this.child.exitCode !== null) throw new Error(`it ended:\n${this.output}`);
      return /^ready$/m.test(this.output);
    }, 'it is ready');
  }

  /** Sends a signal and resolves with the exit code. */
  async signal(name: NodeJS.Signals): Promise<number | null> {
    this.child.kill(name);
    return this.exitCode;
  }

  /** Ends it, in order where it can. */
  async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.signal('SIGTERM');
  }
}

/** The first of four free ports in a row. */
export async function freePortBase(): Promise<number> {
  for (;;) {
    // Below the ports that systems give out by themselves.
    const base = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all([0, 1, 2, 3].map((i) => isFree(base + i)));
    if (free.every(Boolean)) return base;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
