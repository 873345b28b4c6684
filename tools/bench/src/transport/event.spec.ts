import { eventOf } from './event.js';
import { EVENT_BYTES } from './plan.js';

it.each([
  [1, 0],
  [123_456, 0],
  [7, 98_765_432.123_456],
])('has the same size whatever it says: %p, %p', (n, dueMs) => {
  const event = eventOf(n, dueMs);
  expect(JSON.stringify(event)).toHaveLength(EVENT_BYTES);
  expect(event.n).toBe(n);
  expect(event.dueMs).toBeCloseTo(dueMs, 2);
});
