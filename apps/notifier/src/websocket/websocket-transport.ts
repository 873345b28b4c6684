import type { Socket } from 'node:net';

import type { LiveUpdate } from 'redis-fanout';
import type { WebSocket } from 'ws';

import { once, type Transport } from '../connections/transport.js';

const format = once(({ event, position, data }) => JSON.stringify({ id: position, event, data }));

/** Why a connection was closed; the codes of RFC 6455 and of its registry. */
const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;

/** Frames of JSON over WebSocket. */
export class WebSocketTransport implements Transport {
  /** Whether the client has answered the last ping. */
  private isAnswering = true;
  private sentBytes = 0;
  private takenBytes = 0;

  constructor(
    private readonly socket: WebSocket,
    /** What it writes to. */
    private readonly connection: Socket,
    private readonly wantsPositions: boolean,
  ) {
    socket.on('pong', () => (this.isAnswering = true));
  }

  get waitingBytes(): number {
    return this.socket.bufferedAmount;
  }

  send(update: LiveUpdate): void {
    this.write(format(update));
  }

  sendPosition(position: string): void {
    if (this.wantsPositions)
      this.write(Buffer.from(JSON.stringify({ id: position, event: 'position', data: {} })));
  }

  keepAlive(): void {
    // A ping waits behind all that a slow client has not taken yet; that it takes some of that shows that it lives, too.
    const takenBytes = this.sentBytes - this.socket.bufferedAmount;
    if (!this.isAnswering && takenBytes <= this.takenBytes) {
      this.socket.terminate();
      return;
    }
    this.isAnswering = false;
    this.takenBytes = takenBytes;
    if (this.isOpen) this.socket.ping();
  }

  bye(): void {
    this.socket.close(GOING_AWAY, 'going away');
  }

  closeSlow(): void {
    this.socket.close(TRY_AGAIN_LATER, 'slow');
  }

  closeFailed(): void {
    this.socket.close(TRY_AGAIN_LATER, 'try again later');
  }

  onDrained(listener: () => void): void {
    this.connection.on('drain', listener);
  }

  onClosed(listener: () => void): void {
    if (this.socket.readyState === this.socket.CLOSED) listener();
    else this.socket.once('close', listener);
  }

  private get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  private write(frame: Buffer): void {
    if (!this.isOpen) return;
    this.sentBytes += frame.length;
    this.socket.send(frame, { binary: false });
  }
}
