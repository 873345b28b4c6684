import { setTimeout as delay } from 'node:timers/promises';

import { type FetchPage, type TimelinePage } from './timeline.js';

interface Lag {
  readonly waiting: number;
  readonly pending: number;
}

/** Reads pages from timeline-service. */
export function timelineService(url: string): FetchPage {
  return async (reader, limit, cursor) => {
    const target = new URL(`/timelines/${encodeURIComponent(reader)}`, url);
    target.searchParams.set('limit', String(limit));
    if (cursor !== null) target.searchParams.set('cursor', cursor);
    const page = (await getJson(target)) as Partial<TimelinePage>;
    if (!Array.isArray(page.items) || page.nextCursor === undefined) {
      throw new Error(`${target.href} answered with no page: ${JSON.stringify(page).slice(0, 200)}`);
    }
    return page as TimelinePage;
  };
}

export interface SettleOptions {
  /** Called with what is still to be delivered. */
  readonly onProgress?: (left: number) => void;
  readonly pollMs?: number;
  /** Gives up when the rest does not change for so long. */
  readonly stallMs?: number;
}

/**
 * Resolves when the fan-out has delivered everything that was accepted.
 *
 * @throws Error where nothing is delivered any more although something waits
 */
export async function untilSettled(workerUrl: string, options: SettleOptions = {}): Promise<void> {
  let left = Number.NaN;
  let changedAt = performance.now();
  for (;;) {
    const lag = (await getJson(new URL('/lag', workerUrl))) as Lag;
    const now = lag.waiting + lag.pending;
    if (Number.isNaN(now)) throw new Error(`${workerUrl}/lag says no numbers: ${JSON.stringify(lag)}`);
    if (now === 0) return;
    if (now !== left) changedAt = performance.now();
    left = now;
    options.onProgress?.(left);
    if (performance.now() - changedAt > (options.stallMs ?? 120_000)) {
      throw new Error(`the fan-out stands still with ${left} posts to deliver`);
    }
    await delay(options.pollMs ?? 250);
  }
}

async function getJson(url: URL): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Error(`no answer from ${url.href}: ${String(cause)}`, { cause: error });
  }
  const text = await response.text();
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text);
}
