import { setImmediate } from 'node:timers/promises';

/**
 * Work of the same name at the same time is done once. Nobody gets the result of work that had begun before they asked,
 * as it may have looked before something that they have to see: they wait for its end and share the next.
 */
export class SharedWork<T> {
  private readonly waiting = new Map<string, Promise<T>>();
  private readonly running = new Map<string, Promise<T>>();

  constructor(private readonly work: (name: string) => Promise<T>) {}

  /** The result of work that begins after this call; there is one at a time, and at most one that waits for it. */
  async do(name: string): Promise<T> {
    const waiting = this.waiting.get(name) ?? this.next(name, this.running.get(name));
    this.waiting.set(name, waiting);
    return waiting;
  }

  private async next(name: string, before: Promise<T> | undefined): Promise<T> {
    // Those whose answers came together ask one after the other: all of them are to share this.
    await setImmediate();
    await before?.catch(() => undefined);
    this.waiting.delete(name);
    const result = this.work(name);
    this.running.set(name, result);
    try {
      return await result;
    } finally {
      if (this.running.get(name) === result) this.running.delete(name);
    }
  }
}
