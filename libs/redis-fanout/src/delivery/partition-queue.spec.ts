import { EventDelivery } from './event-delivery.js';
import { Frontiers } from './frontiers.js';
import { type DeliverCall, PartitionQueue } from './partition-queue.js';

const ONE = { pushed: 1, skippedInactive: 0, leftToPull: 0 };

/** Calls of a partition that are answered when the test wants. */
class Calls {
  readonly made: string[][] = [];
  private answers: (() => void)[] = [];

  /** Takes so many events of each call. */
  constructor(private readonly budget = Infinity) {}

  readonly call: DeliverCall = async (events) => {
    this.made.push(events.map((event) => String(Number(event.slice(0, 19)))));
    await new Promise<void>((resolve) => this.answers.push(resolve));
    return events.slice(0, this.budget).map(() => ONE);
  };

  /** Resolves when a call was made and answered. */
  async answer(): Promise<void> {
    while (this.answers.length === 0) await new Promise(setImmediate);
    this.answers.shift()?.();
    await new Promise(setImmediate);
  }
}

function idOf(number: string): string {
  return number.padStart(19, '0');
}

describe('a partition queue', () => {
  const frontiers = new Frontiers();
  function queueOf(calls: Calls): (...numbers: string[]) => Promise<unknown> {
    const queue = new PartitionQueue(calls.call, new AbortController().signal, frontiers);
    return async (...numbers) =>
      Promise.all(
        numbers.map(
          async (number) =>
            new Promise<void>((resolve) => {
              const event = { kind: 'published', id: idOf(number), author: 'ann' } as const;
              queue.add([new EventDelivery(event, 1, resolve)]);
            }),
        ),
      );
  }
  function note(outbox: number, number: string, hasMore: boolean): void {
    frontiers.note(outbox, idOf(number), hasMore);
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
    note(0, '2', true);
    note(1, '6', true);
    const first = deliver('1', '2', '5', '6');
    await calls.answer();
    // The first outbox hands over the rest, which is older than what waits.
    note(0, '4', false);
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
    note(0, '1', true);
    const delivered = deliver('2');
    await calls.answer();
    await delivered;
    expect(calls.made).toEqual([['2']]);
    expect(frontiers.limit).toBeUndefined();
  });

  it('waits on where outboxes hand over what does not help', async () => {
    const calls = new Calls();
    const deliver = queueOf(calls);
    note(0, '1', true);
    note(1, '1', true);
    const delivered = deliver('5');
    await new Promise(setImmediate);
    // Of another outbox, while the first one is still awaited.
    note(1, '4', true);
    const more = deliver('4');
    await new Promise(setImmediate);
    expect(calls.made).toEqual([]);
    note(0, '3', false);
    note(1, '4', false);
    const last = deliver('3');
    await calls.answer();
    await Promise.all([delivered, more, last]);
    expect(calls.made).toEqual([['3', '4', '5']]);
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
