/** The silence is looked at so many times until it is too long: timers do not count the time of a sleep, clocks do. */
const LOOKS = 5;

/** Barks once, when nothing was heard for too long by the clock on the wall. */
export class Watchdog {
  private limitMs = Infinity;
  private heardAt = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly bark: () => void) {}

  /** Begins to watch, or begins anew with another limit. */
  start(limitMs: number): void {
    this.stop();
    this.limitMs = limitMs;
    this.heard();
    this.timer = setInterval(() => {
      this.look();
    }, limitMs / LOOKS);
  }

  heard(): void {
    this.heardAt = Date.now();
  }

  /** Looks now: after a sleep the next look by itself may be far away. */
  look(): void {
    if (this.timer === undefined) return;
    const silentMs = Date.now() - this.heardAt;
    // A clock that was put back would make a long silence short.
    if (silentMs < 0) this.heard();
    if (silentMs < this.limitMs) return;
    this.stop();
    this.bark();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
