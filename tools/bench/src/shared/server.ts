import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { freePort } from 'embedded-redis';

import type { Calls } from './calls.js';
import { Child, type Program } from './child.js';

const START_TIMEOUT_MS = 30_000;
const ANSWER_TIMEOUT_MS = 3000;
const POLL_MS = 20;

/** The program of a server, which is told by its environment where it listens. */
export interface ServerProgram extends Program {
  /** The file that is loaded before it, and answers calls (`answerCalls`). */
  readonly probe: string;
  readonly redisUrl: string;
}

/** A server that takes connections. */
export interface RunningServer<C extends Calls<C>> {
  readonly port: number;
  readonly process: Child<C>;
}

/** Starts a server with a probe in it. @throws Error where it does not serve in time */
export async function startServer<C extends Calls<C>>(
  { script, probe, redisUrl, nodeOptions = [], env }: ServerProgram,
  core: number | undefined,
): Promise<RunningServer<C>> {
  const port = await freePort();
  const process = Child.start<C>(
    {
      script,
      nodeOptions: [...nodeOptions, '--import', pathToFileURL(probe).href],
      env: { ...env, REDIS_URL: redisUrl, HOST: '127.0.0.1', PORT: String(port) },
    },
    core,
  );
  try {
    await serves(port, process);
    return { port, process };
  } catch (error) {
    await process.stop();
    throw error;
  }
}

/** Our services say when they are ready; the others listen once they are, and have no such path. */
async function serves<C extends Calls<C>>(port: number, process: Child<C>): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(`http://127.0.0.1:${port}/health/ready`))) {
    process.assertRunning();
    if (Date.now() > deadline) throw new Error('the server does not serve in time');
    await delay(POLL_MS);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    return status < 500;
  } catch {
    return false;
  }
}
