import type { Wait } from './backoff.js';

/** A wait that can be cut short, though not below what the server asked for. */
export class Pause {
  private beganAt = 0;
  private askedMs = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private over: (() => void) | undefined;

  /** Resolves when the time has passed, or is cut short. */
  async wait({ delayMs, askedMs }: Wait): Promise<void> {
    this.beganAt = Date.now();
    this.askedMs = askedMs;
    await new Promise<void>((resolve) => {
      this.over = resolve;
      this.timer = setTimeout(resolve, delayMs);
    });
    this.over = undefined;
  }

  /** No longer than the server asked for. */
  shorten(): void {
    if (this.over === undefined) return;
    clearTimeout(this.timer);
    // A clock that was put back makes it no longer.
    const waitedMs = Math.max(0, Date.now() - this.beganAt);
    this.timer = setTimeout(this.over, Math.max(0, this.askedMs - waitedMs));
  }

  /** Not at all any more. */
  end(): void {
    clearTimeout(this.timer);
    this.over?.();
  }
}
