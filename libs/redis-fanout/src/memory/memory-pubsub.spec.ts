import { InvalidOptionError, UnsupportedOperationError } from '../errors.js';
import type { PubSubStrategy } from '../strategies/fanout-strategy.js';
import { MemoryBroker } from './memory-broker.js';

/** Lets everything that was begun come to its end: nothing here waits for more than promises. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('Pub/Sub in memory', () => {
  let broker: MemoryBroker;
  let pubSub: PubSubStrategy<string>;
  beforeEach(async () => {
    broker = new MemoryBroker();
    pubSub = await broker.openPubSub<string>();
  });

  /** What a recipient hears. */
  async function listen(strategy: PubSubStrategy<string>, recipient: string): Promise<string[]> {
    const heard: string[] = [];
    await strategy.listen(recipient, ({ payload }) => void heard.push(payload));
    return heard;
  }

  it('hands a message over once for each subscription that it matches', async () => {
    await pubSub.subscribe('ann', 'news.uk');
    await pubSub.subscribe('ann', 'news.uk');
    for (const pattern of ['news.*', '*.u[a-k]', 'sport.*']) await pubSub.subscribePattern('ann', pattern);
    const heard = await listen(pubSub, 'ann');
    expect((await pubSub.publish('news.uk', 'three times')).receivers).toBe(3);
    await pubSub.unsubscribePattern('ann', 'news.*');
    await pubSub.unsubscribe('ann', 'news.uk');
    expect((await pubSub.publish('news.uk', 'once')).receivers).toBe(1);
    await settle();
    expect(heard).toEqual(['three times', 'three times', 'three times', 'once']);
  });

  it('counts connections, not recipients, and only those where somebody listens', async () => {
    const [second, third] = [await broker.openPubSub<string>(), await broker.openPubSub<string>()];
    const receivers = async (): Promise<number | null> => (await third.publish('news', 'hello')).receivers;
    for (const recipient of ['ann', 'bob']) await pubSub.subscribe(recipient, 'news');
    await second.subscribe('ann', 'news');
    expect(await receivers()).toBe(0);
    for (const recipient of ['ann', 'bob']) await listen(pubSub, recipient);
    expect(await receivers()).toBe(1);
    const listening = await second.listen('ann', () => undefined);
    expect(await receivers()).toBe(2);
    await listening.close();
    expect(await receivers()).toBe(1);
    await broker.interrupt(async () => {
      expect(await receivers()).toBe(0);
    });
    await pubSub.close();
    expect(await receivers()).toBe(0);
  });

  it('has subscriptions of its own, which may change while somebody listens', async () => {
    const other = await broker.openPubSub<string>();
    const heard = await listen(pubSub, 'ann');
    const heardElsewhere = await listen(other, 'ann');
    await pubSub.publish('news', 'too early');
    await pubSub.subscribe('ann', 'news');
    await pubSub.publish('news', 'in time');
    await pubSub.unsubscribe('ann', 'news');
    await pubSub.publish('news', 'too late');
    await other.subscribe('ann', 'news');
    await pubSub.publish('news', 'elsewhere');
    await settle();
    expect([heard, heardElsewhere]).toEqual([['in time'], ['elsewhere']]);
  });

  it('hands over in the order of publishing also what a handler publishes', async () => {
    for (const recipient of ['ann', 'bob']) await pubSub.subscribe(recipient, 'news');
    await pubSub.listen('ann', async ({ payload }) => {
      if (payload === 'question') await pubSub.publish('news', 'answer');
    });
    const heard = await listen(pubSub, 'bob');
    await pubSub.publish('news', 'question');
    await settle();
    expect(heard).toEqual(['question', 'answer']);
  });

  it('has no patterns where channels are sharded', async () => {
    const sharded = await broker.openPubSub<string>({ sharded: true });
    for (const operation of ['subscribePattern', 'unsubscribePattern'] as const) {
      const refusal = sharded[operation]('ann', 'news.*');
      await expect(refusal).rejects.toThrow(UnsupportedOperationError);
      await expect(refusal).rejects.toMatchObject({ operation });
    }
  });

  it.each(['', 'x'.repeat(129), 'two words', '{a,b}'])('refuses the pattern %p', async (pattern) => {
    await expect(pubSub.subscribePattern('ann', pattern)).rejects.toThrow(InvalidOptionError);
  });
});
