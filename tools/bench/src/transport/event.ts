import { EVENT_BYTES } from './plan.js';

/** The name under which events are handled. */
export const PATTERN = 'measured';

/** What is sent: the data of an event. */
export interface MeasuredEvent {
  /** Counted from 1, in the order of sending. */
  readonly n: number;
  /** When it was to be sent, by `nowMs`, where it is sent at a fixed rate; otherwise 0. */
  readonly dueMs: number;
  /** Makes all of them the same size. */
  readonly text: string;
}

/** An event of `EVENT_BYTES` as JSON. */
export function eventOf(n: number, dueMs = 0): MeasuredEvent {
  const event = { n, dueMs: Math.round(dueMs * 1000) / 1000, text: '' };
  return { ...event, text: 'x'.repeat(EVENT_BYTES - JSON.stringify(event).length) };
}
