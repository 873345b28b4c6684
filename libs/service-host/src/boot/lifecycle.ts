/** What a drain callback is told. */
export interface DrainContext {
  /** When connections that are still open are cut, in `Date.now()` time. */
  readonly deadline: number;
}

/** Work to do when the service stops taking requests: end subscriptions, hand work back, close live connections. */
export type DrainCallback = (context: DrainContext) => void | Promise<void>;

/**
 * Whether the service is on its way out. Injectable everywhere. Callbacks run while requests in flight are completed
 * and before NestJS's shutdown hooks, so that Redis is still there for both.
 */
export class Lifecycle {
  readonly #callbacks = new Set<DrainCallback>();
  readonly #controller = new AbortController();

  /** Aborted when the drain begins: for loops and long polls. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the drain has begun: readiness is red, answers close their connections. */
  get draining(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Runs `callback` once, when the drain begins. The service waits for it until the deadline. */
  onDrain(callback: DrainCallback): void {
    this.#callbacks.add(callback);
  }

  /** Turns readiness red. Nothing is closed yet. */
  beginDrain(): void {
    this.#controller.abort();
  }

  /** Runs every callback; one that fails does not keep the others from running. */
  async runDrainCallbacks(context: DrainContext): Promise<readonly unknown[]> {
    const runs = [...this.#callbacks].map(async (callback) => {
      await callback(context);
    });
    const outcomes = await Promise.allSettled(runs);
    return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  }
}
