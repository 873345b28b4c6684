/**
 * An event processor: a team shares the work of a stream. What a member that was killed had begun goes to another one, and
 * every event is worked on.
 *
 *   node examples/event-processor.ts redis://127.0.0.1:6379
 */
import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

import { Redis } from 'ioredis';
import { openStreams } from 'redis-fanout';

interface Order {
  readonly number: number;
}

const [, script = '', url = 'redis://127.0.0.1:6379', role] = process.argv;
const client = new Redis(url);
const events = await openStreams<Order>({ client, prefix: 'shop' });

/** Works on one order at a time, and says so to whoever started it. */
async function member(): Promise<void> {
  await events.listen(
    'billing',
    async ({ id, payload, attempt }) => {
      process.send?.({ began: payload.number, attempt });
      await delay(20);
      await events.acknowledge('billing', id);
    },
    // The lease is renewed while a member works; so long after its death another one takes over.
    { leaseMs: 500 },
  );
}

async function team(): Promise<void> {
  await events.subscribe('billing', 'orders', { from: 'beginning' });
  const billed = new Map<number, number>();
  const members = Array.from({ length: 3 }, () => fork(script, [url, 'member']));
  for (const child of members) {
    child.on('message', ({ began, attempt }: { began: number; attempt: number }) => {
      billed.set(began, attempt);
      if (billed.size === 10) kill(child, began);
    });
  }
  for (let number = 1; number <= 50; number++) await events.publish('orders', { number });
  while ((await events.backlog('billing')).bySource.size > 0) await delay(50);
  const again = [...billed].filter(([, attempt]) => attempt > 1).length;
  console.log(`${billed.size} orders billed, at least one of them again: ${again >= 1}`);
  for (const child of members) child.kill();
}

function kill(child: ChildProcess, order: number): void {
  if (child.kill('SIGKILL')) console.log(`a member was killed at order ${order}`);
}

await (role === 'member' ? member() : team());
if (role !== 'member') {
  await events.close();
  client.disconnect();
}
