import { setTimeout as delay } from 'node:timers/promises';

import type { Capabilities } from '../../src/index.js';
import type { Subject } from './subject.js';
import { Trial } from './trial.js';
import { type Way, WAYS } from './ways.js';

/** One promise of the contract, looked at. A value and no test, so that it can also be tried on what breaks it. */
export interface Check {
  readonly name: string;
  /** Whether the promise is made where this is declared; without it, it always is. */
  readonly when?: (capabilities: Capabilities) => boolean;
  /** Rejects where the promise is not kept. */
  readonly run: (trial: Trial) => Promise<void>;
}

/** A check that is made once. */
export function check(name: string, run: Check['run'], when?: Check['when']): Check {
  return when === undefined ? { name, run } : { name, run, when };
}

/** A check that is made in every way in which a recipient can have messages. */
export function inEveryWay(
  name: string,
  run: (trial: Trial, way: Way) => Promise<void>,
  when: (capabilities: Capabilities) => boolean = () => true,
): Check[] {
  return WAYS.map((way) => ({
    name: `${name}, by ${way.name}`,
    when: (capabilities) => way.when(capabilities) && when(capabilities),
    run: async (trial) => run(trial, way),
  }));
}

/** The names of such a check with these capabilities. */
export function inAllWays(name: string, capabilities: Capabilities): string[] {
  return WAYS.filter((way) => way.when(capabilities)).map((way) => `${name}, by ${way.name}`);
}

/** Whether a subject is held to a check. */
export function concerns({ when }: Check, subject: Subject): boolean {
  return when?.(subject.capabilities) ?? true;
}

/** Runs a check; rejects where it fails, or where no answer comes for three times the patience. */
export async function perform({ run }: Check, subject: Subject, patienceMs: number): Promise<void> {
  const trial = new Trial(subject, patienceMs);
  const running = within(3 * patienceMs, run(trial));
  await running.catch(() => undefined);
  const ending = within(patienceMs, trial.end());
  await ending.catch(() => undefined);
  // Where both failed, the first is the cause.
  await Promise.all([running, ending]);
}

async function within(limitMs: number, work: Promise<void>): Promise<void> {
  const abort = new AbortController();
  const tooLong = delay(limitMs, undefined, { signal: abort.signal }).then(() => {
    throw new Error(`no answer for ${limitMs} ms`);
  });
  try {
    await Promise.race([work, tooLong]);
  } finally {
    tooLong.catch(() => undefined);
    abort.abort();
  }
}
