import { nowMs } from '../shared/clock.js';
import { eventOf } from './event.js';
import { HandledEvents } from './handled-events.js';

function handledEvents(...numbers: number[]): HandledEvents {
  const events = new HandledEvents();
  for (const n of numbers) events.add(eventOf(n));
  return events;
}

describe('handled events', () => {
  it.each([
    ['in order', [1, 2, 3]],
    ['in any order', [3, 1, 2]],
  ] as const)('are right %s: %p', (order, numbers) => {
    expect(() => {
      handledEvents(...numbers).check(3, order);
    }).not.toThrow();
  });

  it.each([
    ['in order', [1, 3, 2]],
    ['in order', [1, 2]],
    ['in any order', [1, 2, 2]],
    ['in any order', [1, 2, 3, 3]],
  ] as const)('are wrong %s: %p', (order, numbers) => {
    expect(() => {
      handledEvents(...numbers).check(3, order);
    }).toThrow('recipient 0 has had');
  });

  it('tell the latencies of those that had a time, once', async () => {
    const events = handledEvents(1);
    const dueMs = nowMs() - 1000;
    events.add(eventOf(2, dueMs));
    const { atMs, latenciesMs } = await events.until(2);
    expect(latenciesMs).toEqual([expect.closeTo(atMs - dueMs, 2)]);
    expect((await events.until(2)).latenciesMs).toEqual([]);
  });
});
