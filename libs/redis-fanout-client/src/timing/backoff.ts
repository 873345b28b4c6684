/** What the server asks for is kept to up to this; longer, and a slip of its would leave clients deaf. */
const MAX_ASKED_MS = 600_000;

/** How long to wait: at least `askedMs`, and `delayMs` unless something calls earlier. */
export interface Wait {
  readonly askedMs: number;
  readonly delayMs: number;
}

/**
 * Exponential backoff with full jitter: up to the limit, doubled with each failure, at random from nothing on, so that
 * clients that lost the same server do not come back together.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export class Backoff {
  private failures = 0;

  constructor(
    private readonly firstMs: number,
    private readonly maxMs: number,
    private readonly random: () => number = Math.random,
  ) {}

  /**
   * @param healthy whether the connection before was in order, so that nothing has failed in a row
   * @param askedMs what the server asked to wait; the jitter comes on top of it
   */
  next(healthy: boolean, askedMs = 0): Wait {
    if (healthy) this.failures = 0;
    const limitMs = Math.min(this.maxMs, this.firstMs * 2 ** this.failures);
    // As many doublings reach any limit from any beginning.
    this.failures = Math.min(this.failures + 1, 31);
    const kept = Math.min(Math.max(askedMs, 0), MAX_ASKED_MS);
    return { askedMs: kept, delayMs: Math.round(kept + this.random() * limitMs) };
  }
}

/** What a `Retry-After` says, in milliseconds: it has seconds, or a date. Undefined where it is neither. */
export function retryAfterMs(header: string | null, now = Date.now()): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
