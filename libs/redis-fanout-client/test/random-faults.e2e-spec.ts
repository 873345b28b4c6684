import fc from 'fast-check';

import type { TransportName } from '../src/index.js';
import { type Act, BEGINNING, Notifier } from './support/notifier.js';
import { Follower } from './support/follower.js';
import { post, TRANSPORTS } from './support/setup.js';
import { until } from './support/until.js';
import type { Visit } from './support/visit.js';

/** How a connection ends that was served for a while. */
const ENDINGS = ['drop', 'half', 'goodbye'] as const;

interface Served {
  /** How many events that the client has had are sent again, before those that it has not. */
  readonly repeats: number;
  /** How many that it has not are sent. */
  readonly count: number;
  /** How many enter the log meanwhile. */
  readonly published: number;
  readonly positions: boolean;
  readonly ending: (typeof ENDINGS)[number];
}
type Step = 'refuse' | 'drop' | 'accept and drop' | Served;

const step = fc.oneof(
  fc.constantFrom<Step>('refuse', 'drop', 'accept and drop'),
  fc.record<Served>({
    repeats: fc.nat({ max: 5 }),
    count: fc.nat({ max: 5 }),
    published: fc.nat({ max: 3 }),
    positions: fc.boolean(),
    ending: fc.constantFrom(...ENDINGS),
  }),
);
const run = fc.record({
  transport: fc.constantFrom(...TRANSPORTS),
  before: fc.nat({ max: 8 }),
  steps: fc.array(step, { maxLength: 10 }),
});

const publish = (notifier: Notifier): unknown =>
  notifier.publish('post', post(`post ${notifier.log.length}`));

function toAct(what: Step): Act {
  if (typeof what === 'object')
    return (visit, notifier) => {
      serveInPart(what, visit, notifier);
    };
  return (visit) => {
    if (what === 'refuse') visit.refuse(503);
    if (what === 'accept and drop') visit.accept();
    if (what !== 'refuse') visit.drop();
  };
}

function serveInPart(what: Served, visit: Visit, notifier: Notifier): void {
  visit.accept();
  const from = visit.resumesFrom ?? BEGINNING;
  for (let i = 0; i < what.published; i++) publish(notifier);
  const at = notifier.log.findIndex(({ id }) => id === from) + 1;
  const sent = notifier.log.slice(Math.max(0, at - what.repeats), at + what.count);
  for (const [i, event] of sent.entries()) {
    visit.send(event);
    // What comes again is no new position.
    if (what.positions && i >= what.repeats) visit.send({ id: event.id, event: 'position', data: {} });
  }
  const next = notifier.log[at + what.count];
  if (what.ending === 'half' && next !== undefined) visit.sendHalf(next);
  if (what.ending === 'goodbye') visit.sayGoodbye();
  else
    setImmediate(() => {
      visit.drop();
    });
}

async function texts(
  transport: TransportName,
  before: number,
  steps: readonly Step[],
): Promise<{ told: unknown; log: unknown; resyncs: unknown }> {
  const notifier = await Notifier.start();
  for (let i = 0; i < before; i++) publish(notifier);
  notifier.acts.push(...steps.map(toAct));
  const options = { lastEventId: BEGINNING, retryMs: 1, maxRetryMs: 2, webSocketRetryMs: 0 };
  const ada = new Follower(transport, { url: notifier.url, ...options });
  try {
    ada.client.connect();
    await until(() => notifier.acts.length === 0, 'all faults have happened');
    publish(notifier);
    await until(() => ada.client.lastEventId === notifier.end, 'the client is at the end');
    return { told: ada.events, log: notifier.log.map(({ data }) => data), resyncs: ada.resyncs };
  } finally {
    ada.client.close();
    await notifier.stop();
  }
}

describe('whatever a server does', () => {
  it('each event is told once, and in order', async () => {
    await fc.assert(
      fc.asyncProperty(run, async ({ transport, before, steps }) => {
        const { told, log, resyncs } = await texts(transport, before, steps);
        expect(told).toEqual(log);
        expect(resyncs).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
