import { type PendingEntry, planRecovery } from './recovery-plan.js';

const rules = { consumer: 'me', minIdleMs: 1000, maxAttempts: 5, retryDelayMs: 100, maxRetryDelayMs: 5000 };

function pending(id: string, consumer: string, idleMs: number, deliveries: number): PendingEntry {
  return { id, consumer, idleMs, deliveries };
}

it('takes all own entries at the start, by how often they were delivered', () => {
  const plan = planRecovery(
    [1, 2, 4, 5, 9].map((deliveries) => pending(String(deliveries), 'me', 0, deliveries)),
    rules,
    true,
  );
  expect(plan.once.map(({ id }) => id)).toEqual(['1']);
  expect(plan.suspects.map(({ id }) => id)).toEqual(['2', '4']);
  expect(plan.exhausted.map(({ id }) => id)).toEqual(['5', '9']);
});

it('lets own entries wait for a backoff that doubles up to its limit', () => {
  const due = [100, 200, 400, 800, 1600, 3200, 5000, 5000];
  for (const [i, delayMs] of due.entries()) {
    const early = planRecovery([pending('a', 'me', delayMs - 1, i + 1)], rules, false);
    expect(early).toEqual({ once: [], suspects: [], exhausted: [], nextDueMs: 1 });
    const onTime = planRecovery([pending('a', 'me', delayMs, i + 1)], rules, false);
    expect([...onTime.once, ...onTime.suspects, ...onTime.exhausted]).toHaveLength(1);
  }
});

it('leaves entries of others until they are idle and due', () => {
  expect(planRecovery([pending('a', 'other', 999, 1)], rules, true).nextDueMs).toBe(1);
  expect(planRecovery([pending('a', 'other', 1000, 1)], rules, false).once).toHaveLength(1);
  expect(planRecovery([pending('a', 'other', 3199, 6)], rules, false).nextDueMs).toBe(1);
});
