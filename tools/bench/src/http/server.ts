import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { freePort } from 'embedded-redis';

import { Child } from '../shared/child.js';
import type { ServerCalls } from './calls.js';
import { programFile } from './contest.js';

const START_TIMEOUT_MS = 30_000;
const ANSWER_TIMEOUT_MS = 3000;
const POLL_MS = 20;

/** A contestant's server that takes requests. */
export interface RunningServer {
  readonly port: number;
  readonly process: Child<ServerCalls>;
}

/** Starts the program of a server with a probe in it. @throws Error where it does not serve in time */
export async function startServer(
  script: string,
  redisUrl: string,
  core: number | undefined,
): Promise<RunningServer> {
  const port = await freePort();
  const process = Child.start<ServerCalls>(
    {
      script,
      nodeOptions: ['--import', pathToFileURL(programFile('probe')).href],
      // Otherwise everything is as it is unless told.
      env: { NODE_ENV: 'production', REDIS_URL: redisUrl, HOST: '127.0.0.1', PORT: String(port) },
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

/** The services say when they are ready; the others listen once they are, and have no such path. */
async function serves(port: number, process: Child<ServerCalls>): Promise<void> {
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
