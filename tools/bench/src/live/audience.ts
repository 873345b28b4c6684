import { forEach } from '../shared/for-each.js';
import { Receipts } from '../shared/receipts.js';
import { nowMs } from '../shared/clock.js';
import { MISSING_AFTER_MS, OPENING } from './plan.js';
import { numberOf } from './post.js';
import type { Connect } from './protocols/listener.js';

/** Clients with a connection each, and what each of them has had. */
export class Audience {
  private readonly receipts: Receipts;
  /** When the clients had each post, by `nowMs`. */
  private readonly arrivals = new Map<number, number[]>();

  private constructor(private readonly readers: readonly string[]) {
    this.receipts = new Receipts(readers.length);
  }

  /** Opens a connection for each reader. Answers also how long that took. */
  static async connect(
    connect: Connect,
    port: number,
    readers: readonly string[],
  ): Promise<{ readonly audience: Audience; readonly seconds: number }> {
    const audience = new Audience(readers);
    const startedAt = nowMs();
    await forEach(readers, OPENING, async (reader, i) => audience.open(connect, port, reader, i));
    return { audience, seconds: (nowMs() - startedAt) / 1000 };
  }

  /**
   * Resolves when everybody has had so many posts, numbered from 1, with the times at which the last of them came.
   *
   * @throws Error where that takes too long, or a connection is lost
   */
  async received(posts: number): Promise<readonly number[]> {
    await this.receipts.until(posts * this.readers.length, MISSING_AFTER_MS);
    return this.arrivals.get(posts) ?? [];
  }

  /** @throws Error unless everybody has had these posts, each once, in this order */
  check(numbers: readonly number[]): void {
    this.receipts.check(numbers, 'in order');
  }

  private async open(connect: Connect, port: number, reader: string, index: number): Promise<void> {
    await connect(port, reader, {
      post: (post, atMs) => {
        const n = numberOf(post);
        const arrivals = this.arrivals.get(n);
        if (arrivals === undefined) this.arrivals.set(n, [atMs]);
        else arrivals.push(atMs);
        this.receipts.add(index, n);
      },
      lost: (reason) => {
        this.receipts.fail(new Error(`${reader}: ${reason}`));
      },
    });
  }
}
