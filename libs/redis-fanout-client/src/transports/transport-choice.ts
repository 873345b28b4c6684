import type { TransportName } from '../events.js';

/**
 * Which transport to try next. WebSockets come first. Some networks let none through, or open them and pass nothing on:
 * after a few in a row that came to nothing Server-Sent Events are tried, and kept to for a while where they can be had.
 */
export class TransportChoice {
  private inVain = 0;
  private retryAt = 0;
  private sseWorks = false;
  private isSseNext = false;

  constructor(
    private readonly hasWebSocket: boolean,
    private readonly attempts: number,
    private readonly retryMs: number,
  ) {}

  next(): TransportName {
    if (!this.hasWebSocket) return 'sse';
    if (this.inVain < this.attempts) return 'websocket';
    return this.sseWorks && !this.isSseNext && Date.now() >= this.retryAt ? 'websocket' : 'sse';
  }

  /** @param worked whether something came over it, or the server closed it in good order */
  webSocketEnded(worked: boolean): void {
    if (worked) {
      this.inVain = 0;
      this.sseWorks = false;
      return;
    }
    this.inVain += 1;
    this.isSseNext = true;
    this.retryAt = Date.now() + this.retryMs;
  }

  /** @param worked whether the server took the connection */
  sseEnded(worked: boolean): void {
    this.isSseNext = false;
    if (worked) this.sseWorks = true;
    // Neither can be had, so it is not for the kind of connection: both begin anew.
    else if (!this.sseWorks) this.inVain = 0;
  }
}
