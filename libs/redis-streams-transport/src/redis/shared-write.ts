import { type Writable } from 'node:stream';

import { isCluster, type RedisClient } from './redis-client.js';

/**
 * Lets the commands that a client is given in one turn of the event loop go out in one write: each write of its own is a
 * system call, which takes longer than everything else about a small command. Nothing else changes about them.
 */
export class SharedWrite {
  private held: readonly Writable[] = [];

  constructor(private readonly client: RedisClient) {}

  /** To be called before a command; what is given to the client from then on waits until the end of the turn. */
  begin(): void {
    if (this.held.length > 0) return;
    this.held = socketsOf(this.client);
    for (const socket of this.held) socket.cork();
    process.nextTick(this.end);
  }

  private readonly end = (): void => {
    for (const socket of this.held) socket.uncork();
    this.held = [];
  };
}

/** Of a cluster those of all masters; a client that is not connected has none. */
function socketsOf(client: RedisClient): Writable[] {
  const nodes: readonly { readonly stream?: Writable }[] = isCluster(client)
    ? client.nodes('master')
    : [client];
  return nodes.flatMap(({ stream }) => (stream === undefined ? [] : [stream]));
}
