import type { PartitionEvent, PartitionProgress } from '../lua/deliver-posts.js';
import { Frontiers } from './frontiers.js';
import { type DeliverCall, PartitionQueue } from './partition-queue.js';

const NOTHING = { pushed: 0, skippedInactive: 0, leftToPull: 0 };

/** Calls of a partition that are answered when the test wants. */
class Calls {
  readonly made: string[][] = [];
  private answers: (() => void)[] = [];

  /** Takes so many events of each call. */
  constructor(private readonly budget = Infinity) {}

  readonly call: DeliverCall = async (events) => {
    this.made.push(events.map(({ id }) => id));
    await new Promise<void>((resolve) => this.answers.push(resolve));
    return events.slice(0, this.budget).map(done);
  };

  /** Resolves when a call was made and answered. */
  async answer(): Promise<void> {
    while (this.answers.length === 0) await new Promise(setImmediate);
    this.answers.shift()?.();
    await new Promise(setImmediate);
  }
}

function done(event: PartitionEvent): PartitionProgress {
  return { ...NOTHING, cursor: event.cursor };
}

describe('a partition queue', () => {
  const frontiers = new Frontiers();
  function queueOf(calls: Calls): (...ids: string[]) => Promise<unknown> {
    const queue = new PartitionQueue(calls.call, new AbortController().signal, frontiers);
    return async (...ids) =>
      Promise.all(ids.map(async (id) => queue.deliver({ kind: 'published', id, author: 'ann' })));
  }
  afterEach(() => {
    for (let { limit } = frontiers; limit !== undefined; { limit } = frontiers) frontiers.lift(limit);
  });

  it('puts what waits into one call, in the order of the posts', async () => {
    const calls = new Calls();
    const deliver = queueOf(calls);
    const delivered = deliver('3', '1', '2');
    await calls.answer();
    await delivered;
    expect(calls.made).toEqual([['1', '2', '3']]);
  });

  it('does not go past what an outbox is about to hand over', async () => {
    const calls = new Calls();
    const deliver = queueOf(calls);
    frontiers.note(0, '2', true);
    frontiers.note(1, '6', true);
    const first = deliver('1', '2', '5', '6');
    await calls.answer();
    // The first outbox hands over the rest, which is older than what waits.
    frontiers.note(0, '4', false);
    const second = deliver('3', '4');
    await calls.answer();
    await Promise.all([first, second]);
    expect(calls.made).toEqual([
      ['1', '2'],
      ['3', '4', '5', '6'],
    ]);
  });

  it('does not wait for long where nothing more comes', async () => {
    const calls = new Calls();
    const deliver = queueOf(calls);
    frontiers.note(0, '1', true);
    const delivered = deliver('2');
    await calls.answer();
    await delivered;
    expect(calls.made).toEqual([['2']]);
    expect(frontiers.limit).toBeUndefined();
  });

  it('lets nothing be passed over by older posts for ever', async () => {
    const calls = new Calls(1);
    const deliver = queueOf(calls);
    const watched = { late: false, older: false };
    const late = deliver('9999').then(() => (watched.late = true));
    const older: Promise<unknown>[] = [];
    // With each call older posts come, which go first.
    for (let n = 0; !watched.late && n < 1000; n++) {
      older.push(deliver(String(1000 + 2 * n), String(1001 + 2 * n)));
      await calls.answer();
    }
    expect(watched.late).toBe(true);
    void Promise.all([late, ...older]).then(() => (watched.older = true));
    while (!watched.older) await calls.answer();
  });
});
