import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { freePort } from 'embedded-redis';

import { Child } from '../shared/child.js';
import type { ServerCalls } from './calls.js';
import { programFile } from './contestant.js';

const START_TIMEOUT_MS = 30_000;
const ANSWER_TIMEOUT_MS = 3000;
const POLL_MS = 20;

/** A contestant's server that takes connections. */
export interface RunningServer {
  readonly port: number;
  readonly process: Child<ServerCalls>;
}

export interface ServerOptions {
  readonly redisUrl: string;
  readonly connections: number;
  readonly core: number | undefined;
}

/** Starts the program of a server with a probe in it. @throws Error where it does not serve in time */
export async function startServer(
  script: string,
  { redisUrl, connections, core }: ServerOptions,
): Promise<RunningServer> {
  const port = await freePort();
  const process = Child.start<ServerCalls>(
    {
      script,
      nodeOptions: ['--expose-gc', '--import', pathToFileURL(programFile('probe')).href],
      env: {
        REDIS_URL: redisUrl,
        HOST: '127.0.0.1',
        PORT: String(port),
        // The notifier's own limit is 10,000.
        MAX_CONNECTIONS: String(connections),
      },
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

/** The notifier says when it is ready; the others listen once they are, and have no such path. */
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
