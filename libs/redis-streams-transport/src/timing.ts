/** Waits; an aborted signal ends the wait early, without an error. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms <= 0) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

/** Whether the promise settled, well or badly, within the time. Never rejects. */
export async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const inTime = new AbortController();
  const settled = promise.then(
    () => true,
    () => true,
  );
  const late = sleep(ms, inTime.signal).then(() => false);
  const result = await Promise.race([settled, late]);
  inTime.abort();
  return result;
}

/** The delay before try number `attempt` + 1: doubled with each attempt, up to a limit. */
export function backoffMs(attempt: number, firstMs: number, maxMs: number): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(30, Math.max(0, attempt - 1)));
}

/** A clock that wakes one sleeper at the earliest of the times it was set to. */
export class Alarm {
  private at = Infinity;
  private timer: NodeJS.Timeout | undefined;
  private wake: (() => void) | undefined;

  /** Rings in `ms` milliseconds at the latest. */
  setWithin(ms: number): void {
    this.at = Math.min(this.at, Date.now() + ms);
    this.arm();
  }

  /** Resolves when it rings, or when the signal is aborted; then it is unset. */
  async rings(signal: AbortSignal): Promise<void> {
    if (!signal.aborted) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        signal.addEventListener('abort', this.ring);
        this.arm();
      });
      signal.removeEventListener('abort', this.ring);
    }
    clearTimeout(this.timer);
    this.at = Infinity;
  }

  private readonly ring = (): void => {
    this.wake?.();
    this.wake = undefined;
  };

  private arm(): void {
    clearTimeout(this.timer);
    if (this.wake === undefined || this.at === Infinity) return;
    this.timer = setTimeout(this.ring, Math.max(0, this.at - Date.now()));
  }
}

/** Runs tasks one after the other, in the order in which they came. */
export class Lane {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs the task when those before it have ended, but waits at most `maxWaitMs`, and not when the signal is aborted. */
  async run<T>(task: () => Promise<T>, maxWaitMs: number, signal: AbortSignal): Promise<T> {
    const result = this.turn(maxWaitMs, signal).then(task);
    this.last = result.catch(() => undefined);
    return result;
  }

  private async turn(maxWaitMs: number, signal: AbortSignal): Promise<void> {
    const mine = new AbortController();
    const either = AbortSignal.any([signal, mine.signal]);
    const waited = sleep(maxWaitMs, either);
    await Promise.race([this.last, waited]);
    mine.abort();
  }
}
