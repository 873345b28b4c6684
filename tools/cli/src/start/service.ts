import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Readable } from 'node:stream';

/** What a service needs to run as a child process. */
export interface ServiceCommand {
  readonly name: string;
  /** The script that Node runs. */
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
  /** Takes each line that the service writes. */
  readonly onLine: (line: string) => void;
}

/** How a process ended: `code 1` or `SIGKILL`. */
export type Ending = string;

/** A service that runs as a child process. */
export interface RunningService {
  readonly exited: Promise<Ending>;
  /** Asks it to end, kills it where that takes longer than the grace, and resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
  kill(): void;
}

const END_WITH_PARENT = new URL('./end-with-parent.js', import.meta.url).href;

/** Starts a service. It has a process group of its own, so that Ctrl-C reaches it in its turn only. */
export function startService({ name, script, env, onLine }: ServiceCommand): RunningService {
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', END_WITH_PARENT, script], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  passOn(child.stdout, onLine);
  passOn(child.stderr, onLine);
  const exited = endOf(child, name);
  return {
    exited,
    stop: async (graceMs) => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(timer);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Whole lines, so that what two services say at once does not mix. */
function passOn(stream: Readable | null, onLine: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on('line', onLine);
}

async function endOf(child: ChildProcess, name: string): Promise<Ending> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    return signal ?? `code ${code}`;
  } catch (error) {
    return `an error (${name}: ${error instanceof Error ? error.message : String(error)})`;
  }
}
