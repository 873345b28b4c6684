import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { type Ending } from './service.js';
import { SettingError } from './settings.js';

const READY_TIMEOUT_MS = 120_000;

/**
 * Checks that nobody listens on the addresses.
 *
 * @throws SettingError that names the ports in use
 */
export async function assertFree(
  addresses: readonly { readonly port: number; readonly host: string }[],
): Promise<void> {
  const refusals = await Promise.all(addresses.map(({ port, host }) => refusal(port, host)));
  const refused = refusals.filter((each) => each !== undefined);
  if (refused.length > 0) throw new SettingError(`${refused.join('; ')}: free it, or set PORT_BASE`);
}

async function refusal(port: number, host: string): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'EADDRINUSE' ? `port ${port} is in use` : message;
  } finally {
    server.close();
  }
}

/**
 * Resolves when a service says that it is ready.
 *
 * @throws Error where it ends before, or takes too long
 */
export async function untilReady(
  name: string,
  address: string,
  exited: Promise<Ending>,
  stopping: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const ended = exited.then((ending) => {
    throw new Error(`${name} ended with ${ending} before it was ready; its log says why`);
  });
  try {
    await Promise.race([ended, pollReady(name, address, AbortSignal.any([over.signal, stopping]))]);
  } finally {
    over.abort();
  }
}

async function pollReady(name: string, address: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (!(await isReady(address))) {
    signal.throwIfAborted();
    if (performance.now() > deadline) throw new Error(`${name} was not ready within ${READY_TIMEOUT_MS} ms`);
    await delay(50, undefined, { signal });
  }
}

async function isReady(address: string): Promise<boolean> {
  try {
    const response = await fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(5000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
