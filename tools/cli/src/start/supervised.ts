import { setTimeout as delay } from 'node:timers/promises';

import { Backoff } from './backoff.js';

/** Something that runs until it ends by itself, and can be started again. */
export interface Run {
  /** How it ended, once it has. */
  readonly exited: Promise<unknown>;
}

export interface SupervisedOptions<R extends Run> {
  readonly name: string;
  readonly first: R;
  readonly startAgain: () => R | Promise<R>;
  readonly say: (line: string) => void;
  /** Aborted when the system stops: what ends then was meant to. */
  readonly stopping: AbortSignal;
}

/** Keeps something running: what ends by itself is started again, after a wait that grows while it keeps failing. */
export class Supervised<R extends Run> {
  current: R;
  private readonly backoff = new Backoff();

  constructor(private readonly options: SupervisedOptions<R>) {
    this.current = options.first;
  }

  /** Resolves when the system stops. */
  async keep(): Promise<void> {
    const { name, say, startAgain } = this.options;
    for (;;) {
      const startedAt = performance.now();
      const ending = await this.current.exited;
      if (this.isStopping()) return;
      let waitMs = this.backoff.next(performance.now() - startedAt);
      say(`${name} ended with ${String(ending)}; it is started again in ${waitMs} ms`);
      while (await this.waited(waitMs)) {
        try {
          this.current = await startAgain();
          break;
        } catch (error) {
          waitMs = this.backoff.next(0);
          say(`${name} does not start (${String(error)}); the next try is in ${waitMs} ms`);
        }
      }
    }
  }

  private isStopping(): boolean {
    return this.options.stopping.aborted;
  }

  private async waited(ms: number): Promise<boolean> {
    await delay(ms, undefined, { signal: this.options.stopping }).catch(() => undefined);
    return !this.isStopping();
  }
}
