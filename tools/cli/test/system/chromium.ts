import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

import { onCleanUp, until } from 'test-support';

const ARGS = [
  '--headless',
  '--remote-debugging-pipe',
  // Of root's processes it wants this; and it is shown our own pages alone.
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--no-first-run',
  '--no-proxy-server',
  '--disable-background-networking',
  '--disable-component-update',
];
const STOPS_WITHIN_MS = 10_000;
const MAX_LOG = 4000;

interface Call {
  resolve(result: unknown): void;
  reject(error: Error): void;
}
interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}
interface Evaluated<T> {
  readonly result: { readonly value: T };
  readonly exceptionDetails?: {
    readonly text: string;
    readonly exception?: { readonly description?: string };
  };
}

/** A browser that nobody sees, told what to do over the DevTools protocol: JSON on two pipes, each message ended by NUL. */
export class Chromium {
  private readonly calls = new Map<number, Call>();
  private readonly child: ChildProcess;
  private log = '';
  private sent = 0;

  private constructor(executable: string, profile: string) {
    const stdio = ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] as const;
    this.child = spawn(executable, [...ARGS, `--user-data-dir=${profile}`], { stdio: [...stdio] });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.log = (this.log + chunk.toString()).slice(-MAX_LOG);
    });
    this.child.on('error', (error) => {
      this.failAll(error);
    });
    this.child.on('close', () => {
      this.failAll(new Error(`Chromium has ended:\n${this.log}`));
    });
    this.input.on('error', () => undefined);
    this.readAnswers();
  }

  /** Stopped by `cleanUp`. */
  static async start(executable: string): Promise<Chromium> {
    const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
    onCleanUp(() => {
      rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
    });
    const chromium = new Chromium(executable, profile);
    onCleanUp(() => chromium.stop());
    await chromium.call('Browser.getVersion', {});
    return chromium;
  }

  /** A tab with a page in it. */
  async open(url: string): Promise<Tab> {
    const { targetId } = await this.call<{ targetId: string }>('Target.createTarget', { url });
    const attach = { targetId, flatten: true };
    const { sessionId } = await this.call<{ sessionId: string }>('Target.attachToTarget', attach);
    const tab = new Tab(
      (method, params) => this.call(method, params, sessionId),
      () => this.call('Target.closeTarget', { targetId }),
    );
    await tab.untilLoaded();
    return tab;
  }

  /** @throws Error where the browser refuses, or has ended */
  private async call<T>(method: string, params: object, sessionId?: string): Promise<T> {
    const id = ++this.sent;
    return new Promise<T>((resolve, reject) => {
      this.calls.set(id, { resolve, reject });
      this.input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  private get input(): Writable {
    return this.child.stdio[3] as Writable;
  }

  private readAnswers(): void {
    let rest = '';
    const output = this.child.stdio[4] as Readable;
    output.setEncoding('utf8').on('data', (text: string) => {
      const messages = (rest + text).split('\0');
      rest = messages.pop() ?? '';
      for (const message of messages) this.take(JSON.parse(message) as Answer);
    });
  }

  /** What has no id is news, which nobody wants. */
  private take({ id = 0, result, error }: Answer): void {
    const call = this.calls.get(id);
    this.calls.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error.message));
  }

  private failAll(error: Error): void {
    for (const { reject } of this.calls.values()) reject(error);
    this.calls.clear();
  }

  private async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'close');
    const late = setTimeout(() => this.child.kill('SIGKILL'), STOPS_WITHIN_MS);
    // Its answer may be that it has ended.
    this.call('Browser.close', {}).catch(() => undefined);
    await gone;
    clearTimeout(late);
  }
}

/** A page in the browser. */
export class Tab {
  constructor(
    private readonly call: <T>(method: string, params: object) => Promise<T>,
    readonly close: () => Promise<unknown>,
  ) {}

  /** What an expression is in the page, as JSON. @throws Error where it throws */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.call<Evaluated<T>>('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  /** Loads the page again, as its user would. */
  async reload(): Promise<void> {
    await this.evaluate('globalThis.isOld = true');
    await this.call('Page.reload', {});
    await until(() => this.evaluate<boolean>('globalThis.isOld === undefined'), 'it is another page');
    await this.untilLoaded();
  }

  /** A new tab shows an empty page at first. */
  async untilLoaded(): Promise<void> {
    const isLoaded = "location.href !== 'about:blank' && document.readyState === 'complete'";
    await until(() => this.evaluate<boolean>(isLoaded), 'the page is loaded');
  }
}
