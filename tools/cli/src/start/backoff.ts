const FIRST_MS = 200;
const LONGEST_MS = 10_000;
/** What ran for so long had started well: the next wait is the shortest again. */
const RAN_WELL_MS = 30_000;

/** How long to wait before something that ended by itself is started again: 0.2 s, doubled up to 10 s. */
export class Backoff {
  private waitMs = FIRST_MS;

  /** @param ranMs how long it ran */
  next(ranMs: number): number {
    if (ranMs >= RAN_WELL_MS) this.waitMs = FIRST_MS;
    const waitMs = this.waitMs;
    this.waitMs = Math.min(LONGEST_MS, 2 * waitMs);
    return waitMs;
  }
}
