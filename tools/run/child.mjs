import { spawn } from 'node:child_process';
import { clearInterval, setInterval } from 'node:timers';

/** A step that failed; its message is all that need be shown. */
export class StepError extends Error {}

/** So much of what a quiet step wrote is kept. */
const MAX_OUTPUT = 4_000_000;
const running = new Set();

// Children have process groups of their own, so that a whole tree can be ended; signals are passed on to them.
const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
let forwarding = false;

/**
 * Runs a program and resolves when it is over. Quiet ones are heard only where they fail.
 *
 * @param {{ quiet?: boolean, overdue?: () => string | undefined, env?: Record<string, string> }} options `overdue` is
 *   asked every second; what it names is the reason why the program, and all that it started, is killed
 * @returns {Promise<{ ok: boolean, ending: string }>} how it ended: `code 0`, `SIGKILL`, or why it was killed
 */
export async function runChild(program, args, { quiet = false, overdue, env = {} } = {}) {
  const child = spawn(program, args, {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
  });
  forwardSignals();
  running.add(child);
  let output = '';
  const keep = (chunk) => (output = (output + chunk).slice(-MAX_OUTPUT));
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  let killedFor;
  const timer = setInterval(() => {
    killedFor = overdue?.();
    if (killedFor !== undefined) killTree(child, 'SIGKILL');
  }, 1000);
  const ending = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `code ${code}`));
  });
  clearInterval(timer);
  running.delete(child);
  const ok = ending === 'code 0';
  if (quiet && !ok) process.stdout.write(output);
  return { ok, ending: killedFor ?? ending };
}

/** Runs a program whose failure ends everything. */
export async function requireChild(what, program, args, options) {
  const { ok, ending } = await runChild(program, args, options);
  if (!ok) throw new StepError(`${what} failed: it ended with ${ending}`);
}

/** The program of an installed package, for Node to run. */
export function binary(name) {
  return `node_modules/.bin/${name}`;
}

/** Ends a program and everything that it started. */
function killTree(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It is gone.
  }
}

function forwardSignals() {
  if (forwarding) return;
  forwarding = true;
  for (const [signal, code] of Object.entries(codes)) {
    process.on(signal, () => {
      // Later on there may be nobody to pass it on to, and others who listen.
      if (running.size === 0) return;
      for (const child of running) killTree(child, signal);
      process.exit(code);
    });
  }
}
