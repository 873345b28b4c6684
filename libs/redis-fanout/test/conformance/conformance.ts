import { type Check, concerns, perform } from './check.js';
import { acknowledgingChecks } from './checks/acknowledging.js';
import { backlogChecks } from './checks/backlog.js';
import { deliveryChecks } from './checks/delivery.js';
import { gapChecks } from './checks/gaps.js';
import { keepingChecks } from './checks/keeping.js';
import { lateSubscriberChecks } from './checks/late-subscribers.js';
import { leaseChecks } from './checks/leases.js';
import { limitChecks } from './checks/limits.js';
import { listeningChecks } from './checks/listening.js';
import { messageChecks } from './checks/messages.js';
import { repeatingChecks } from './checks/repeating.js';
import { replayingChecks } from './checks/replaying.js';
import { stoppingChecks } from './checks/stopping.js';
import type { Subject } from './subject.js';

/** The checks by topic. */
const TOPICS: Readonly<Record<string, readonly Check[]>> = {
  delivery: deliveryChecks,
  messages: messageChecks,
  keeping: keepingChecks,
  acknowledging: acknowledgingChecks,
  leases: leaseChecks,
  listening: listeningChecks,
  stopping: stoppingChecks,
  gaps: gapChecks,
  repeating: repeatingChecks,
  replaying: replayingChecks,
  backlog: backlogChecks,
  'late subscribers': lateSubscriberChecks,
  limits: limitChecks,
};

/** A busy machine is no failure. */
const PATIENCE_MS = 14_000;

/** The checks that concern a subject, by topic. */
export function topicsOf(subject: Subject): [string, readonly Check[]][] {
  return Object.entries(TOPICS)
    .map(([topic, checks]): [string, readonly Check[]] => [
      topic,
      checks.filter((check) => concerns(check, subject)),
    ])
    .filter(([, checks]) => checks.length > 0);
}

/** Rejects where a subject does not keep the promise of a check. */
export async function expectToHold(check: Check, subject: Subject): Promise<void> {
  await perform(check, subject, PATIENCE_MS);
}

/** Runs the checks of these names that concern a subject, or all that do, and gives the names of those that failed. */
export async function failuresOf(
  subject: Subject,
  { names, patienceMs = 2000 }: { names?: readonly string[]; patienceMs?: number } = {},
): Promise<string[]> {
  const failures: string[] = [];
  const checks = topicsOf(subject)
    .flatMap(([, ofTopic]) => ofTopic)
    .filter(({ name }) => names?.includes(name) ?? true);
  for (const check of checks) {
    await perform(check, subject, patienceMs).catch(() => failures.push(check.name));
  }
  return failures;
}
