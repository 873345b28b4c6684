import { backoffMs } from '../timing.js';

/** An entry that was delivered and not acknowledged, as Redis lists it. */
export interface PendingEntry {
  readonly id: string;
  readonly consumer: string;
  /** Milliseconds since it was delivered, renewed or failed. */
  readonly idleMs: number;
  readonly deliveries: number;
}

export interface RecoveryRules {
  readonly consumer: string;
  readonly minIdleMs: number;
  readonly maxAttempts: number;
  readonly retryDelayMs: number;
  readonly maxRetryDelayMs: number;
}

export interface RecoveryPlan {
  /** Delivered once so far: in chunks. */
  readonly once: readonly PendingEntry[];
  /** Delivered twice or more: each alone, so that a poison entry shows itself. */
  readonly suspects: readonly PendingEntry[];
  /** Delivered often enough: to the dead letters. */
  readonly exhausted: readonly PendingEntry[];
  /** When the first of them is due; Infinity where there is none. */
  readonly nextDueMs: number;
}

/**
 * Sorts pending entries by what is to be done with them. At the start of a process its own are due at once, since nobody
 * can be at work on them; later they wait for their backoff, and those of others until their consumer seems dead, too.
 */
export function planRecovery(
  pending: readonly PendingEntry[],
  rules: RecoveryRules,
  atStart: boolean,
): RecoveryPlan {
  const once: PendingEntry[] = [];
  const suspects: PendingEntry[] = [];
  const exhausted: PendingEntry[] = [];
  let nextDueMs = Infinity;
  for (const entry of pending) {
    const dueInMs = dueAfterMs(entry, rules, atStart) - entry.idleMs;
    if (dueInMs > 0) {
      nextDueMs = Math.min(nextDueMs, dueInMs);
    } else if (entry.deliveries >= rules.maxAttempts) exhausted.push(entry);
    else if (entry.deliveries > 1) suspects.push(entry);
    else once.push(entry);
  }
  return { once, suspects, exhausted, nextDueMs };
}

function dueAfterMs(entry: PendingEntry, rules: RecoveryRules, atStart: boolean): number {
  const delayMs = backoffMs(entry.deliveries, rules.retryDelayMs, rules.maxRetryDelayMs);
  if (entry.consumer !== rules.consumer) return Math.max(rules.minIdleMs, delayMs);
  return atStart ? 0 : delayMs;
}
