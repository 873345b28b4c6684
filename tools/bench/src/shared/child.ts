import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { Answer, Calls } from './calls.js';

/** What a process is started with. */
export interface Program {
  /** The file that it runs. */
  readonly script: string;
  /** Options of Node.js. */
  readonly nodeOptions?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** The built file of a program of this project, also for the sources. */
export function programFile(path: string): string {
  return fileURLToPath(new URL(`../../dist/${path}.js`, import.meta.url));
}

/** The built file of one of our services. */
export function serviceFile(name: string): string {
  return fileURLToPath(new URL(`../../../../apps/${name}/dist/main.js`, import.meta.url));
}

/** Of what it writes on stderr, so much is kept, for the case that it fails. */
const MAX_COMPLAINTS = 2000;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A process of Node.js that answers calls (`answerCalls`). What it prints is not shown. */
export class Child<C extends Calls<C>> {
  private readonly waiting = new Map<number, Waiting>();
  private readonly exited: Promise<void>;
  private calls = 0;
  private complaints = '';
  private ended: string | undefined;

  private constructor(
    private readonly child: ChildProcess,
    script: string,
  ) {
    child.on('message', ({ id, value, error }: Answer) => {
      const asked = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) asked?.resolve(value);
      else asked?.reject(new Error(error));
    });
    child.stderr?.on('data', (text: Buffer) => {
      this.complaints = (this.complaints + text.toString()).slice(-MAX_COMPLAINTS);
    });
    this.exited = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.end(`${script} has ended with ${signal ?? `code ${code ?? ''}`}`);
        resolve();
      });
      child.on('error', (error) => {
        this.end(`${script}: ${error.message}`);
        resolve();
      });
    });
  }

  /** Starts one, on a core of its own where one is given. */
  static start<C extends Calls<C>>(
    { script, nodeOptions = [], env = {} }: Program,
    core: number | undefined,
  ): Child<C> {
    const command = [process.execPath, ...nodeOptions, script];
    // From the beginning, with all the threads that it will have.
    const [program = '', ...args] =
      core === undefined ? command : ['taskset', '-c', String(core), ...command];
    return new Child(
      spawn(program, args, {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        env: { PATH: process.env.PATH, ...env },
      }),
      script,
    );
  }

  /** @throws Error that the call has ended with, or where the process has ended */
  async call<K extends keyof C & string>(
    name: K,
    ...[argument]: Parameters<C[K]>
  ): Promise<Awaited<ReturnType<C[K]>>> {
    return new Promise<Awaited<ReturnType<C[K]>>>((resolve, reject) => {
      if (this.ended !== undefined) {
        reject(new Error(this.ended));
        return;
      }
      const id = ++this.calls;
      this.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      this.child.send({ id, name, argument });
    });
  }

  /** @throws Error where the process has ended */
  assertRunning(): void {
    if (this.ended !== undefined) throw new Error(this.ended);
  }

  /** Kills it, and resolves when it is gone. */
  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  private end(reason: string): void {
    this.ended = this.complaints === '' ? reason : `${reason}:\n${this.complaints}`;
    for (const { reject } of this.waiting.values()) reject(new Error(this.ended));
    this.waiting.clear();
  }
}
