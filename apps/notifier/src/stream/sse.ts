import type { ServerResponse } from 'node:http';

import type { LiveUpdate } from 'redis-fanout';

import { once, type Transport } from '../connections/transport.js';

/** The media type of Server-Sent Events. */
export const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/** A comment: nothing for the reader, but the connection is seen to live. */
const KEEP_ALIVE = ': keep-alive\n\n';
/** A client that was sent away and takes nothing is cut off then. */
const BYE_GRACE_MS = 2000;

/** JSON has no line breaks, so one line of data is enough. */
const format = once(
  ({ event, position, data }) => `id: ${position}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
);

/** Server-Sent Events on an answer that never ends. */
export class SseTransport implements Transport {
  constructor(
    private readonly response: ServerResponse,
    /** Whether the client wants an event where it is; otherwise it gets a comment with an id, which it keeps unseen. */
    private readonly wantsPositions: boolean,
  ) {}

  /** Begins to answer. */
  open(): void {
    if (this.response.destroyed || this.response.headersSent) return;
    this.response.writeHead(200, {
      'content-type': EVENT_STREAM,
      'cache-control': 'no-store',
      // Proxies that gather answers before they pass them on would hold everything back.
      'x-accel-buffering': 'no',
    });
    this.write(KEEP_ALIVE);
  }

  get waitingBytes(): number {
    return this.response.writableLength;
  }

  send(update: LiveUpdate): void {
    this.write(format(update));
  }

  sendPosition(position: string): void {
    this.write(
      this.wantsPositions
        ? `id: ${position}\nevent: position\ndata: {}\n\n`
        : `: keep-alive\nid: ${position}\n\n`,
    );
  }

  keepAlive(): void {
    this.write(KEEP_ALIVE);
  }

  bye(retryMs: number): void {
    if (!this.response.headersSent) this.response.destroy();
    else if (!this.response.writableEnded) {
      this.response.end(`event: bye\nretry: ${retryMs}\ndata: {}\n\n`);
      setTimeout(() => {
        this.response.destroy();
      }, BYE_GRACE_MS).unref();
    }
  }

  closeSlow(): void {
    this.response.destroy();
  }

  closeFailed(): void {
    this.response.destroy();
  }

  onDrained(listener: () => void): void {
    this.response.on('drain', listener);
  }

  onClosed(listener: () => void): void {
    if (this.response.destroyed) listener();
    else this.response.once('close', listener);
  }

  private write(text: string | Buffer): void {
    if (this.response.headersSent && !this.response.writableEnded && !this.response.destroyed) {
      this.response.write(text);
    }
  }
}
