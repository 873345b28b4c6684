import type { StartingPoint } from '../../../src/index.js';
import type { Entry } from './model.js';
import { SOURCES, type StepOf } from './steps.js';
import type { World } from './world.js';

export async function publish(world: World, { by, source }: StepOf<'publish'>): Promise<void> {
  const { id } = await world.process(by).publish(source, world.newPayload());
  world.note({ id, source });
}

export async function publishWithKey(
  world: World,
  { by, source, key }: StepOf<'publishWithKey'>,
): Promise<void> {
  const earlier = world.model.publishedUnder(source, key);
  const answer = await world.process(by).publish(source, `with ${key}`, { idempotencyKey: key });
  expect(answer.repeated).toBe(earlier !== undefined);
  if (earlier === undefined) world.note({ id: answer.id, source }, key);
  else expect(answer).toEqual({ id: earlier, repeated: true, receivers: null });
}

/** All sources publish at once, each one message after the other. */
export async function burst(world: World, { count }: StepOf<'burst'>): Promise<void> {
  const publishOne = async (source: string, by: number): Promise<Entry> => {
    const { id } = await world.process(by).publish(source, world.newPayload());
    return { id, source };
  };
  const entries = await Promise.all(
    SOURCES.map(async (source, i) => {
      const published: Entry[] = [];
      for (let n = 0; n < count; n++) published.push(await publishOne(source, i % 2));
      return published;
    }),
  );
  for (const entry of entries.flat()) world.note(entry);
}

export async function subscribe(
  world: World,
  { by, recipient, source, from }: StepOf<'subscribe'>,
): Promise<void> {
  await world.settle(recipient);
  const anyPoint = world.trial.capabilities.lateSubscribers === 'any-point';
  const log = world.model.logOf(source);
  const after = from % (log.length + 1);
  const options = anyPoint ? { from: startingPoint(log, after) } : {};
  for (const process of world.subscribers(by)) await process.subscribe(recipient, source, options);
  world.noteSubscription(recipient, source, after);
}

export async function unsubscribe(
  world: World,
  { by, recipient, source }: StepOf<'unsubscribe'>,
): Promise<void> {
  await world.settle(recipient);
  for (const process of world.subscribers(by)) await process.unsubscribe(recipient, source);
  world.model.unsubscribe(recipient, source);
}

/** After so many of the messages. */
export function startingPoint(log: readonly Entry[], after: number): StartingPoint {
  const last = log[after - 1];
  if (last === undefined) return 'beginning';
  return after === log.length ? 'now' : { after: last.id };
}
