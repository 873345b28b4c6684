import { type ChannelName, keyOf } from '../../redis/subscriptions.js';
import type { LiveListening } from './live-listening.js';

/** What one recipient is subscribed to, and who listens for it in this process. Without a listener Redis knows nothing. */
export class Recipient<Payload> {
  private readonly names = new Map<string, ChannelName>();
  private readonly listenings = new Set<LiveListening<Payload>>();

  /** Whether there is nothing to know about it. */
  get isIdle(): boolean {
    return this.names.size === 0 && this.listenings.size === 0;
  }

  /** Subscribes. Where that fails all is as before. @throws StorageUnavailableError, ClosedError */
  async subscribe(name: ChannelName): Promise<void> {
    const key = keyOf(name);
    const isNew = !this.names.has(key);
    if (isNew) this.names.set(key, name);
    const heard = await Promise.allSettled([...this.listenings].map(async (one) => one.hear(name)));
    const failed = heard.find((result) => result.status === 'rejected');
    if (failed === undefined) return;
    // Unless it was ended and begun again meanwhile.
    if (this.names.get(key) === name) await this.unsubscribe(name);
    throw failed.reason;
  }

  async unsubscribe(name: ChannelName): Promise<void> {
    this.names.delete(keyOf(name));
    await Promise.all([...this.listenings].map(async (one) => one.leave(name)));
  }

  /** Begins to listen; resolves when everything is heard. @throws StorageUnavailableError, ClosedError */
  async begin(listening: LiveListening<Payload>): Promise<void> {
    this.listenings.add(listening);
    await Promise.all([...this.names.values()].map(async (name) => listening.hear(name)));
  }

  async end(listening: LiveListening<Payload>): Promise<void> {
    this.listenings.delete(listening);
    await listening.close();
  }
}
