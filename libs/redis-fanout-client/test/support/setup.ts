import type { FanoutClientOptions, Post, TransportName } from '../../src/index.js';
import { Follower } from './follower.js';
import { Notifier } from './notifier.js';

export const TRANSPORTS = ['sse', 'websocket'] as const;

const cleanUps: (() => unknown)[] = [];

/** Runs after each test; call it in `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (const each of cleanUps.splice(0).reverse()) await each();
}

export async function startNotifier(options?: Parameters<typeof Notifier.start>[0]): Promise<Notifier> {
  const notifier = await Notifier.start(options);
  cleanUps.push(() => notifier.stop());
  return notifier;
}

/** A client that is closed after the test. It is not connected yet. */
export function follower(
  transport: TransportName,
  options: Partial<FanoutClientOptions> & Pick<FanoutClientOptions, 'url'>,
): Follower {
  const made = new Follower(transport, options);
  cleanUps.push(() => {
    made.client.close();
  });
  return made;
}

/** A client that connects at once. */
export function follow(
  transport: TransportName,
  options: Partial<FanoutClientOptions> & Pick<FanoutClientOptions, 'url'>,
): Follower {
  const made = follower(transport, options);
  made.client.connect();
  return made;
}

export function post(text: string): Post {
  return {
    id: '1795438504042003000',
    author: 'bob',
    text,
    attachments: [],
    createdAt: '2026-11-23T10:00:00.000Z',
    editedAt: null,
  };
}
