/** The messages of one channel, handled one at a time in their order; of bounded length. */
export class MessageQueue {
  private waiting: string[] = [];
  private handling: Promise<void> | undefined;
  private droppingSinceMs: number | undefined;

  constructor(
    private readonly maxQueued: number,
    /** Must not reject. */
    private readonly handle: (message: string) => Promise<void>,
    /** Told when the queue is empty again after messages had to be dropped, and since when they were. */
    private readonly onDropped: (sinceMs: number) => void,
  ) {}

  push(message: string): void {
    if (this.waiting.length >= this.maxQueued) {
      this.droppingSinceMs ??= Date.now();
      return;
    }
    this.waiting.push(message);
    this.handling ??= this.run();
  }

  /** Drops what waits, and resolves when the handler at work has ended. */
  async stop(): Promise<void> {
    this.waiting = [];
    this.droppingSinceMs = undefined;
    await this.handling;
  }

  private async run(): Promise<void> {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      await this.handle(next);
    }
    this.handling = undefined;
    const sinceMs = this.droppingSinceMs;
    this.droppingSinceMs = undefined;
    if (sinceMs !== undefined) this.onDropped(sinceMs);
  }
}
