import type { NotifierState } from '../lua/renew-notifier.js';
import type { Presence } from './presence.js';
import { NOTIFIER_LIFETIME_MS } from './presence.js';
import { PresenceKeeper } from './presence-keeper.js';

/** What Redis would know. */
class KnownReaders {
  known = false;
  private epoch = 0;
  attaching = true;
  readonly readers = new Set<string>();

  renew(): Promise<NotifierState[]> {
    if (!this.known) this.epoch++;
    this.known = true;
    return Promise.resolve([{ epoch: String(this.epoch), told: 0, last: '0-0' }]);
  }
  attach(_: string, readers: readonly string[]): Promise<void> {
    if (!this.attaching) return Promise.reject(new Error('out of memory'));
    for (const reader of readers) this.readers.add(reader);
    return Promise.resolve();
  }
  forget(): void {
    this.known = false;
    this.readers.clear();
  }
}

describe('the presence of a notifier', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const nextRenewal = async (): Promise<void> => jest.advanceTimersByTimeAsync(NOTIFIER_LIFETIME_MS / 3);
  const start = async (redis: KnownReaders, events: unknown[] = []): Promise<PresenceKeeper> => {
    const keeper = new PresenceKeeper(redis as unknown as Presence, 'here', {
      forgotten: () => events.push('forgotten'),
      restored: () => events.push('restored'),
      renewed: () => undefined,
      failed: () => events.push('failed'),
    });
    await keeper.start();
    return keeper;
  };

  it('is made up for where it could not be restored, and only then told', async () => {
    const redis = new KnownReaders();
    const events: unknown[] = [];
    const keeper = await start(redis, events);
    await keeper.attach('bob');
    redis.forget();
    redis.attaching = false;
    await nextRenewal();
    expect(events).toEqual(['forgotten', 'failed']);
    redis.attaching = true;
    await nextRenewal();
    expect(events).toEqual(['forgotten', 'failed', 'restored']);
    expect([...redis.readers]).toEqual(['bob']);
    await nextRenewal();
    expect(events).toEqual(['forgotten', 'failed', 'restored']);
    keeper.stop();
  });

  it('is not kept after its end, also where that comes while it begins', async () => {
    const redis = new KnownReaders();
    const keeper = new PresenceKeeper(redis as unknown as Presence, 'here', {
      forgotten: () => undefined,
      restored: () => undefined,
      renewed: () => undefined,
      failed: () => undefined,
    });
    const starting = keeper.start();
    keeper.stop();
    await starting;
    expect(jest.getTimerCount()).toBe(0);
    const other = await start(redis);
    await other.start();
    other.stop();
    expect(jest.getTimerCount()).toBe(0);
  });
});
