/** Something that runs. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** Does something with what runs, which is stopped then. */
export async function whileRunning<S extends Stoppable, T>(
  running: S,
  work: (running: S) => Promise<T>,
): Promise<T> {
  try {
    return await work(running);
  } finally {
    await running.stop();
  }
}

/** What is started when it is needed first, and stopped together. */
export abstract class OnDemand<K, T> implements Stoppable {
  private readonly started = new Map<string, T>();
  private readonly running: Stoppable[] = [];

  async get(key: K): Promise<T> {
    const name = JSON.stringify(key);
    const found = this.started.get(name) ?? (await this.start(key));
    this.started.set(name, found);
    return found;
  }

  /** Stops what was started last first. Others can be started then. */
  async stop(): Promise<void> {
    this.started.clear();
    for (const each of this.running.splice(0).reverse()) await each.stop();
  }

  protected abstract start(key: K): Promise<T>;

  /** Has it stopped with the others, also where it is no good: to be called as soon as it runs. */
  protected stopLater<S extends Stoppable>(each: S): S {
    this.running.push(each);
    return each;
  }
}
