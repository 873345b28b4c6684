import { type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { type ServiceLogger } from '../logging/logger.js';
import { type Connections } from './connections.js';
import { type Lifecycle } from './lifecycle.js';

/** How long each part of stopping may take, in milliseconds. */
export interface ShutdownTimes {
  /** Between red readiness and the end of taking connections: for balancers to notice. Default 0. */
  drainDelayMs?: number;
  /** For requests in flight and drain callbacks; what is left then is cut. Default 10,000. */
  drainTimeoutMs?: number;
  /** For NestJS's shutdown hooks. Default 5,000. */
  closeTimeoutMs?: number;
}

/** What is stopped. */
export interface ShutdownTarget {
  app: { close(signal?: string): Promise<void> };
  server: Server;
  connections: Connections;
  lifecycle: Lifecycle;
  logger: ServiceLogger;
}

const IDLE_SWEEP_MS = 50;
const UNUSED_CONNECTION_GRACE_MS = 500;

/**
 * Stops a service in order: readiness red, no new connections, requests in flight completed, hooks run.
 *
 * @returns the exit code: 0, or 1 where something was cut or failed
 */
export async function shutDown(
  target: ShutdownTarget,
  times: ShutdownTimes,
  signal?: string,
): Promise<number> {
  const { app, lifecycle, logger } = target;
  const { drainDelayMs = 0, drainTimeoutMs = 10_000, closeTimeoutMs = 5_000 } = times;
  lifecycle.beginDrain();
  logger.info({ signal, requests: target.connections.requests }, 'draining');
  if (drainDelayMs > 0) {
    // The server that still listens keeps the process alive; where it was closed meanwhile, there is nothing to wait for.
    await delay(drainDelayMs, undefined, { ref: false });
  }
  const drained = await drain(target, drainTimeoutMs);
  try {
    const closed = await within(closeTimeoutMs, app.close(signal));
    if (!closed) {
      logger.error({ closeTimeoutMs }, 'shutdown hooks did not end in time');
    }
    return drained && closed ? 0 : 1;
  } catch (err) {
    logger.error({ err }, 'a shutdown hook failed');
    return 1;
  }
}

async function drain(target: ShutdownTarget, timeoutMs: number): Promise<boolean> {
  const { server, connections, lifecycle, logger } = target;
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  // Connections become idle one by one, and one that was kept alive would stay open until its timeout.
  const sweep = setInterval(() => {
    connections.closeIdle(UNUSED_CONNECTION_GRACE_MS);
  }, IDLE_SWEEP_MS);
  const callbacks = lifecycle.runDrainCallbacks({ deadline: Date.now() + timeoutMs });
  try {
    const inTime = await within(timeoutMs, Promise.all([closed, callbacks]));
    const failures = inTime ? await callbacks : [];
    for (const err of failures) {
      logger.error({ err }, 'a drain callback failed');
    }
    if (!inTime) {
      logger.error(
        { requests: connections.requests, timeoutMs },
        'not drained in time: cutting what is left',
      );
    }
    return inTime && failures.length === 0;
  } finally {
    clearInterval(sweep);
  }
}

/** Whether `work` is done in time. Its failure is the caller's. */
async function within(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  const timeout = new AbortController();
  try {
    return await Promise.race([
      work.then(() => true),
      delay(timeoutMs, false, { signal: timeout.signal }).catch(() => false),
    ]);
  } finally {
    timeout.abort();
  }
}
