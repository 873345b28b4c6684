import fc from 'fast-check';

import type { Subject } from '../subject.js';
import { Trial } from '../trial.js';
import { takeAll } from '../ways.js';
import { bySource } from './model.js';
import { burst, publish, publishWithKey, subscribe, unsubscribe } from './publishing.js';
import { RECIPIENTS, step, type Step } from './steps.js';
import { acknowledge, backlog, read, replay, take, takeAndLose } from './taking.js';
import { World } from './world.js';

/** A busy machine is no failure. */
const PATIENCE_MS = 10_000;
/** Where a failure is what is looked for. */
const SHORT_PATIENCE_MS = 500;

const steps = fc.array(step, { minLength: 5, maxLength: 40, size: 'max' });

/** Lives of random steps come to what a plain model says. */
export async function expectToBeAsModel(subject: Subject, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(steps, async (actions) => live(subject, actions, PATIENCE_MS)),
    { numRuns, endOnFailure: false },
  );
}

/** Some of so many lives do not; the first of them is enough. */
export async function expectNotToBeAsModel(subject: Subject, numRuns: number): Promise<void> {
  const property = fc.asyncProperty(steps, async (actions) => live(subject, actions, SHORT_PATIENCE_MS));
  const { counterexample } = await fc.check(property, { numRuns, endOnFailure: true });
  expect(counterexample).not.toBeNull();
}

async function live(subject: Subject, actions: readonly Step[], patienceMs: number): Promise<void> {
  const trial = new Trial(subject, patienceMs);
  try {
    const world = await World.begin(trial);
    for (const action of actions) await perform(world, action);
    for (const recipient of RECIPIENTS) await compareAll(world, recipient);
  } finally {
    await trial.end();
  }
}

/** Does a step to the strategy and to the model, where the strategy can. */
async function perform(world: World, action: Step): Promise<void> {
  const { keptForAbsent, acknowledged, replayable, exactlyOnce, backlogVisible } = world.trial.capabilities;
  switch (action.do) {
    case 'publish':
      return publish(world, action);
    case 'publishWithKey':
      return exactlyOnce ? publishWithKey(world, action) : undefined;
    case 'burst':
      return burst(world, action);
    case 'subscribe':
      return subscribe(world, action);
    case 'unsubscribe':
      return unsubscribe(world, action);
    case 'read':
      return keptForAbsent ? read(world, action) : undefined;
    case 'take':
      return acknowledged ? take(world, action) : undefined;
    case 'takeAndLose':
      return acknowledged && backlogVisible ? takeAndLose(world, action) : undefined;
    case 'acknowledge':
      return acknowledged ? acknowledge(world, action) : undefined;
    case 'backlog':
      return backlogVisible ? backlog(world, action) : undefined;
    case 'replay':
      return acknowledged && replayable ? replay(world, action) : undefined;
    case 'listen':
      return world.listen(action.recipient, action.by);
    case 'stopListening':
      return world.stopListening(action.recipient);
    case 'restart':
      return world.restart(action.by);
  }
}

/** In the end everything that a recipient has is looked at, and taken. */
async function compareAll(world: World, recipient: (typeof RECIPIENTS)[number]): Promise<void> {
  const { keptForAbsent, acknowledged } = world.trial.capabilities;
  await world.stopListening(recipient);
  if (keptForAbsent) await read(world, { do: 'read', by: 0, recipient, limit: 3 });
  if (!acknowledged) return;
  const taken = await takeAll(world.process(1), recipient);
  expect(bySource(taken)).toEqual(bySource(world.model.freeOf(recipient)));
}
