import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { connectRedis, type RedisClient } from '../../src/index.js';

const cleanUps: (() => unknown)[] = [];

/** Has something done at the end of the test, before what was started earlier is stopped. */
export function onCleanUp(stop: () => unknown): void {
  cleanUps.push(stop);
}

/** Stops what the test started, the last one first; a test file hands it to `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (const stop of cleanUps.splice(0).reverse()) await stop();
}

/** Waits until a condition holds. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await delay(3);
  }
}

/** A client until the end of the test, whose errors are expected. */
export function clientOf(url: string): RedisClient {
  const client = connectRedis(url);
  client.on('error', () => undefined);
  onCleanUp(() => {
    client.disconnect();
  });
  return client;
}

/** Stands between clients and their server, and can play a peer that is dead though nobody has closed the connection. */
export interface Relay {
  readonly url: string;
  /** How many connections there were. */
  accepted(): number;
  /** Connections that there are stay open, and pass nothing on any more; new ones work. */
  fallSilent(): void;
  /** New connections are accepted, and pass nothing on either. */
  swallowNew(swallow: boolean): void;
}

/** Relays to a port of loopback, until the end of the test. */
export async function relayTo(port: number): Promise<Relay> {
  const pairs = new Set<[Socket, Socket]>();
  let swallow = false;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    pairs.add([near, far]);
    join(near, far, swallow);
    join(far, near, swallow);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onCleanUp(() => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
    server.close();
  });
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepted: () => pairs.size,
    fallSilent: () => {
      for (const [near, far] of pairs) {
        near.unpipe(far).resume();
        far.unpipe(near).resume();
      }
    },
    swallowNew: (on) => {
      swallow = on;
    },
  };
}

function join(from: Socket, to: Socket, swallow: boolean): void {
  from.on('error', () => undefined);
  from.on('close', () => to.destroy());
  if (swallow) from.resume();
  else from.pipe(to);
}
