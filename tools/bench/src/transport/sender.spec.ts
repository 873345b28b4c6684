import type { MeasuredEvent } from './event.js';
import { BATCH, UNDER_WAY } from './plan.js';
import { Sender } from './sender.js';

/** A sender whose producer takes its time, and notes what it was given. */
function sending(): {
  readonly sender: Sender;
  readonly events: MeasuredEvent[];
  readonly batches: number[];
  readonly mostUnderWay: () => number;
} {
  const events: MeasuredEvent[] = [];
  const batches: number[] = [];
  let underWay = 0;
  let most = 0;
  const send = async (event: MeasuredEvent): Promise<void> => {
    events.push(event);
    most = Math.max(most, ++underWay);
    await new Promise(setImmediate);
    underWay--;
  };
  const sendBatch = async (batch: readonly MeasuredEvent[]): Promise<void> => {
    batches.push(batch.length);
    for (const event of batch) await send(event);
  };
  return { sender: new Sender({ send, sendBatch }), events, batches, mostUnderWay: () => most };
}

function numbered(to: number): number[] {
  return Array.from({ length: to }, (_, i) => i + 1);
}

describe('a sender', () => {
  it('sends in batches, one after the other, and then one by one', async () => {
    const { sender, events, batches, mostUnderWay } = sending();
    const first = await sender.sendInBatches(2 * BATCH + 1);
    expect(batches).toEqual([BATCH, BATCH, 1]);
    expect(mostUnderWay()).toBe(1);
    const second = await sender.sendOneByOne(3 * UNDER_WAY + 1);
    expect(mostUnderWay()).toBe(UNDER_WAY);
    expect(events.map(({ n }) => n)).toEqual(numbered(2 * BATCH + 3 * UNDER_WAY + 2));
    expect(events.every(({ dueMs }) => dueMs === 0)).toBe(true);
    expect(second.fromMs).toBeGreaterThanOrEqual(first.toMs);
    expect(second.toMs).toBeGreaterThan(second.fromMs);
  });

  it('sends no more than there are', async () => {
    const { sender, events, mostUnderWay } = sending();
    await sender.sendOneByOne(1);
    expect(events.map(({ n }) => n)).toEqual([1]);
    expect(mostUnderWay()).toBe(1);
  });

  it('sends events when they are due', async () => {
    const { sender, events } = sending();
    await sender.sendSteadily(5, 250);
    const [first = 0] = events.map(({ dueMs }) => dueMs);
    expect(events.map(({ n }) => n)).toEqual(numbered(5));
    expect(events.map(({ dueMs }) => dueMs - first)).toEqual(
      [0, 4, 8, 12, 16].map((ms) => expect.closeTo(ms, 2) as number),
    );
  });
});
