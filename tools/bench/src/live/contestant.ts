import { programFile, serviceFile } from '../shared/child.js';
import { openFanoutPublisher } from './publishers/fanout-publisher.js';
import { openPubSubPublisher } from './publishers/pubsub-publisher.js';
import type { OpenPublisher } from './publishers/publisher.js';
import { openSocketIoPublisher } from './publishers/socket-io-publisher.js';

/** How clients speak to a server. */
export type Protocol = 'notifier WebSocket' | 'notifier event stream' | 'Socket.IO' | 'plain WebSocket';

/** A way to tell many connected readers of a post. */
export interface Contestant {
  readonly name: string;
  /** The program of the server, which is told by its environment where it listens. */
  readonly server: string;
  readonly protocol: Protocol;
  readonly openPublisher: OpenPublisher;
}

const NOTIFIER = serviceFile('notifier');

export const CONTESTANTS: readonly Contestant[] = [
  {
    name: 'notifier, WebSocket',
    server: NOTIFIER,
    protocol: 'notifier WebSocket',
    openPublisher: openFanoutPublisher,
  },
  {
    name: 'notifier, Server-Sent Events',
    server: NOTIFIER,
    protocol: 'notifier event stream',
    openPublisher: openFanoutPublisher,
  },
  {
    name: 'Socket.IO, Redis Streams adapter',
    server: programFile('live/programs/socket-io-server'),
    protocol: 'Socket.IO',
    openPublisher: openSocketIoPublisher,
  },
  {
    name: 'ws, Redis Pub/Sub',
    server: programFile('live/programs/ws-server'),
    protocol: 'plain WebSocket',
    openPublisher: openPubSubPublisher,
  },
];
