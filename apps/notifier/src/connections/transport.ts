import type { LiveUpdate } from 'redis-fanout';

/** A connection to a client, whichever way it speaks. Nothing is sent, and nothing thrown, once it is closed. */
export interface Transport {
  /** Bytes that the client has not taken yet. */
  readonly waitingBytes: number;
  /** Tells the client, with the id by which it can come back. */
  send(update: LiveUpdate): void;
  /** Tells the client where it is, though nothing happened. */
  sendPosition(position: string): void;
  /** Keeps the connection seen to live. */
  keepAlive(): void;
  /** Sends the client away: it may come back after a while, to another instance. */
  bye(retryMs: number): void;
  /** Ends the connection of a client that takes too little. */
  closeSlow(): void;
  /** Ends the connection as this instance cannot serve it now. */
  closeFailed(): void;
  /** Calls back when the client has taken what waited. */
  onDrained(listener: () => void): void;
  /** Calls back once, when the connection is gone. */
  onClosed(listener: () => void): void;
}

/** Texts that many clients get are made once. */
export function once(format: (update: LiveUpdate) => string): (update: LiveUpdate) => Buffer {
  const made = new WeakMap<LiveUpdate, Buffer>();
  return (update) => {
    let bytes = made.get(update);
    if (bytes === undefined) made.set(update, (bytes = Buffer.from(format(update))));
    return bytes;
  };
}
