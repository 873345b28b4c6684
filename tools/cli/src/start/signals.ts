/** Something that can be stopped in order, and at once. */
export interface Stoppable {
  stop(): Promise<void>;
  kill(): void;
}

/**
 * One Ctrl-C may arrive twice: from the terminal, and passed on by npm. What comes so soon after the first is the same
 * wish.
 */
const SAME_WISH_MS = 500;

export interface Stopped {
  /** True once a signal has come. */
  readonly requested: boolean;
  /** Resolves when everything has been stopped because of a signal. */
  readonly done: Promise<void>;
}

/** Stops the system in order at the first SIGINT, SIGTERM or SIGHUP; at a second one everything ends at once. */
export function stopOnSignals(system: Stoppable, say: (line: string) => void): Stopped {
  let requestedAt: number | undefined;
  const done = new Promise<void>((resolve, reject) => {
    const onSignal = (signal: NodeJS.Signals): void => {
      if (requestedAt === undefined) {
        requestedAt = performance.now();
        say(`${signal}: stopping; a second signal ends everything at once`);
        system.stop().then(resolve, reject);
      } else if (performance.now() - requestedAt > SAME_WISH_MS) {
        system.kill();
        process.exit(1);
      }
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onSignal);
    if (process.env.npm_lifecycle_event !== undefined) {
      whenParentIsGone(() => {
        onSignal('SIGHUP');
      });
    }
    // Nobody reads any more: there is nobody to run for, and nothing can be said.
    process.stdout.on('error', () => {
      onSignal('SIGHUP');
    });
  });
  return {
    get requested() {
      return requestedAt !== undefined;
    },
    done,
  };
}

/** npm lives as long as its script, unless it is killed; then nobody passes signals on any more. */
function whenParentIsGone(then: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    then();
  }, 500);
  timer.unref();
}
