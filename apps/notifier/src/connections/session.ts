import type { LiveListener, LiveSubscription, LiveUpdate } from 'redis-fanout';

import type { Transport } from './transport.js';

/** More than this waiting for a client, and its connection ends: it is too slow, and comes back. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** Less than this, and a client that catches up gets more. */
const READY_BYTES = 256 * 1024;
/** A client that has so much waiting for so long takes nothing. */
const MAX_STALLED_MS = 60_000;

/** A reader's connection: passes on what happens as fast as the client takes it. */
export class Session implements LiveListener {
  private hasEnded = false;
  private subscription: LiveSubscription | undefined;
  private sentPosition: string | undefined;
  private stalledSinceMs: number | undefined;

  constructor(
    readonly reader: string,
    readonly transport: Transport,
  ) {
    transport.onDrained(() => {
      this.stalledSinceMs = undefined;
      this.subscription?.goOn();
    });
  }

  /** Takes the subscription that tells this session; where the session has ended meanwhile, that does, too. */
  follow(subscription: LiveSubscription): void {
    this.subscription = subscription;
    if (this.hasEnded) subscription.close();
  }

  update(update: LiveUpdate): void {
    this.sentPosition = update.position;
    this.transport.send(update);
    if (this.transport.waitingBytes > MAX_WAITING_BYTES) this.transport.closeSlow();
  }

  live(position: string): void {
    this.tellPosition(position);
  }

  isReady(): boolean {
    if (this.transport.waitingBytes < READY_BYTES) return true;
    this.stalledSinceMs ??= Date.now();
    return false;
  }

  /** Shows that the connection lives, and where the client is by now. */
  keepAlive(): void {
    if (!this.isReady() && Date.now() - (this.stalledSinceMs ?? 0) > MAX_STALLED_MS) {
      this.transport.closeSlow();
      return;
    }
    this.transport.keepAlive();
    const position = this.subscription?.position;
    if (position !== undefined) this.tellPosition(position);
  }

  /** Nothing more comes. */
  end(): void {
    this.hasEnded = true;
    this.subscription?.close();
  }

  private tellPosition(position: string): void {
    if (position === this.sentPosition) return;
    this.sentPosition = position;
    this.transport.sendPosition(position);
  }
}
