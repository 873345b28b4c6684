/** A call takes no more entries once it has so many. */
const FULL = 1000;

interface Call {
  readonly ids: string[];
  readonly done: Promise<void>;
}

/** Acknowledges what handlers are done with, by one call at a time: what comes meanwhile goes together in the next one. */
export class Acknowledgements {
  private last: Promise<void> = Promise.resolve();
  private next: Call | undefined;

  /** @param acknowledge must not reject */
  constructor(private readonly acknowledge: (ids: readonly string[]) => Promise<void>) {}

  /** Resolves when the call that they went in has ended. */
  async add(ids: readonly string[]): Promise<void> {
    if (this.next === undefined || this.next.ids.length >= FULL) this.next = this.callAfter(this.last);
    this.next.ids.push(...ids);
    await this.next.done;
  }

  private callAfter(last: Promise<void>): Call {
    const ids: string[] = [];
    const done = last.then(async () => {
      if (this.next?.ids === ids) this.next = undefined;
      await this.acknowledge(ids);
    });
    this.last = done;
    return { ids, done };
  }
}
