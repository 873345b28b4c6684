import type { FanoutError, Message } from '../../src/index.js';
import type { Process } from './subject.js';
import type { Trial } from './trial.js';
import type { Received, Receiver, Way } from './ways.js';

/** A class of errors of the library. */
type ErrorClass = new (...facts: never[]) => FanoutError;

/** `'a1', 'a2', …` */
export function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${name}${i + 1}`);
}

export async function subscribeAll(
  process: Process,
  source: string,
  recipients: readonly string[],
): Promise<void> {
  await Promise.all(recipients.map(async (recipient) => process.subscribe(recipient, source)));
}

/** Receivers of `ann` in one process and of `bob` in another, both subscribed to `news`. */
export async function receiversIn(
  [one, other]: readonly [Process, Process],
  way: Way,
): Promise<readonly [Receiver, Receiver]> {
  await one.subscribe('ann', 'news');
  await other.subscribe('bob', 'news');
  return [await way.begin(one, 'ann'), await way.begin(other, 'bob')];
}

/** Publishes one after the other, and gives the ids. */
export async function publishAll(
  process: Process,
  source: string,
  payloads: readonly unknown[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const payload of payloads) ids.push((await process.publish(source, payload)).id);
  return ids;
}

/**
 * Everything a receiver has, once the last messages of all sources are among it. Since a source's messages come in
 * their order, whatever else of these sources was to come has come then.
 */
export async function messagesUntil(
  trial: Trial,
  receiver: Receiver,
  ...lasts: readonly string[]
): Promise<readonly Received[]> {
  let messages: readonly Received[] = [];
  await trial.until(
    async () => {
      messages = await receiver.look();
      return lasts.every((last) => messages.some(({ payload }) => payload === last));
    },
    `${lasts.join(' and ')} came`,
  );
  return [...messages];
}

/** The payloads of `messagesUntil`. */
export async function payloadsUntil(
  trial: Trial,
  receiver: Receiver,
  ...lasts: readonly string[]
): Promise<unknown[]> {
  return payloadsOf(await messagesUntil(trial, receiver, ...lasts));
}

export function payloadsOf(messages: readonly Message<unknown>[]): unknown[] {
  return messages.map(({ payload }) => payload);
}

export function idsOf(messages: readonly Message<unknown>[]): string[] {
  return messages.map(({ id }) => id);
}

/** Holds an operation to being refused by an error of a class, with these facts. */
export async function expectRefused(
  operation: () => Promise<unknown>,
  errorClass: ErrorClass,
  facts: object = {},
): Promise<void> {
  const error: unknown = await operation().then(
    () => 'it was not refused',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(errorClass);
  expect(error).toMatchObject(facts);
}
