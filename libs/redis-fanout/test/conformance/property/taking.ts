import { NotSubscribedError } from '../../../src/index.js';
import { expectRefused, idsOf } from '../moves.js';
import { oldestFirst, readAll, type Received } from '../ways.js';
import { expectNextAttempts } from './ear.js';
import { bySource, type Entry } from './model.js';
import { startingPoint } from './publishing.js';
import type { StepOf } from './steps.js';
import type { World } from './world.js';

/** Over almost at once, and never. */
const SHORT_MS = 10;
const LONG_MS = 3_600_000;

/** Reads all pages; where it takes a moment until messages can be read, when the last of every source can be. */
export async function read(world: World, { by, recipient, limit }: StepOf<'read'>): Promise<void> {
  await world.settle(recipient);
  const readable = world.model.readableBy(recipient);
  const process = world.process(by);
  let messages: readonly Received[] = [];
  await world.trial.until(async () => {
    messages = oldestFirst(process, await readAll(process, recipient, limit));
    const ids = new Set(idsOf(messages));
    return lastOfEach(readable).every((id) => ids.has(id));
  }, `${recipient} can read everything`);
  expect(bySource(messages)).toEqual(bySource(readable));
}

export async function take(world: World, { by, recipient, limit }: StepOf<'take'>): Promise<void> {
  await world.settle(recipient);
  await takeSome(world, { by, recipient, limit }, true);
}

/** Takes, and lets the leases end. */
export async function takeAndLose(
  world: World,
  { by, recipient, limit }: StepOf<'takeAndLose'>,
): Promise<void> {
  await world.settle(recipient);
  await takeSome(world, { by, recipient, limit }, false);
  const process = world.process(by);
  const wanted = world.model.freeOf(recipient).length;
  await world.trial.until(async () => {
    const { waiting } = await process.backlog(recipient);
    return waiting === wanted;
  }, `the leases of ${recipient} are over`);
}

/** Acknowledges some of what is kept, in turn this one and not that one. */
export async function acknowledge(
  world: World,
  { by, recipient, some }: StepOf<'acknowledge'>,
): Promise<void> {
  await world.settle(recipient);
  const ids = idsOfSome(world.model.keptOf(recipient), some);
  expect(await world.process(by).acknowledge(recipient, ids)).toBe(ids.length);
  world.model.acknowledge(recipient, new Set(ids));
}

export async function backlog(world: World, { by, recipient }: StepOf<'backlog'>): Promise<void> {
  await world.settle(recipient);
  const kept = world.model.keptOf(recipient);
  const waiting = world.model.freeOf(recipient).length;
  const counts = Object.entries(bySource(kept)).map(([source, ids]): [string, number] => [
    source,
    ids.length,
  ]);
  expect(await world.process(by).backlog(recipient)).toMatchObject({
    waiting,
    taken: kept.length - waiting,
    dropped: 0,
    bySource: new Map(counts),
  });
}

/** Goes back, to before everything that waits or further. */
export async function replay(world: World, { by, recipient, source, from }: StepOf<'replay'>): Promise<void> {
  await world.settle(recipient);
  const process = world.process(by);
  if (!world.model.sourcesOf(recipient).has(source)) {
    await expectRefused(() => process.replay(recipient, source, 'beginning'), NotSubscribedError);
    return;
  }
  const log = world.model.logOf(source);
  const oldest = world.model.keptOf(recipient).find((kept) => kept.source === source);
  const oldestIndex = oldest === undefined ? log.length : log.findIndex(({ id }) => id === oldest.id);
  const after = from % (oldestIndex + 1);
  await process.replay(recipient, source, startingPoint(log, after));
  world.model.replay(recipient, source, after);
}

async function takeSome(
  world: World,
  { by, recipient, limit }: Omit<StepOf<'take'>, 'do'>,
  held: boolean,
): Promise<void> {
  const free = world.model.freeOf(recipient);
  const leaseMs = held ? LONG_MS : SHORT_MS;
  const taken = await world.process(by).take(recipient, { limit, leaseMs });
  expect(taken.length).toBeLessThanOrEqual(limit);
  expect(taken.length > 0).toBe(free.length > 0);
  const wanted = bySource(free);
  for (const [source, ids] of Object.entries(bySource(taken))) {
    expect(ids).toEqual(wanted[source]?.slice(0, ids.length));
  }
  expectNextAttempts(taken, free);
  world.model.take(recipient, new Map(taken.map(({ id, attempt }) => [id, attempt])), held);
}

function lastOfEach(entries: readonly Entry[]): string[] {
  return Object.values(bySource(entries)).map((ids) => ids.at(-1)!);
}

function idsOfSome(entries: readonly Entry[], some: readonly boolean[]): string[] {
  return entries.filter((_, i) => some[i % some.length]).map(({ id }) => id);
}
