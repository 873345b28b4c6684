import { AudienceTooLargeError, NotSubscribedError } from '../../errors.js';
import { strikeOutSubscription } from '../../lua/strike-out-subscription.js';
import { type PartitionedRedis, unavailableAsSuch } from '../../redis/partitioned.js';
import type { StartingPoint } from '../fanout-strategy.js';
import { comparePlaces, entryOf } from './message-id.js';
import type { SourceStreams } from './source-streams.js';

/** Stands for where a subscription began while it is being ended. */
const ENDING = '-';

/**
 * Which streams a recipient reads. A subscription is written down before its group is made, and struck out after the group
 * is gone, as they lie in different slots: so whoever looks finds what is unfinished where a process has died between. A
 * group that is missing is made again from where the subscription began; one that is to go is destroyed.
 */
export class StreamSubscriptions {
  constructor(
    private readonly redis: PartitionedRedis,
    private readonly streams: SourceStreams,
    private readonly largestAudience: number,
  ) {}

  /** The sources that a recipient is subscribed to. */
  async sourcesOf(recipient: string): Promise<string[]> {
    const key = this.redis.keys.subscriptions(recipient);
    const all = Object.entries(await unavailableAsSuch(this.redis.client.hgetall(key)));
    const ending = all.filter(([, from]) => from === ENDING).map(([source]) => source);
    await Promise.all(ending.map(async (source) => this.end(recipient, source)));
    return all.filter(([, from]) => from !== ENDING).map(([source]) => source);
  }

  /** @throws AudienceTooLargeError, InvalidOptionError */
  async add(recipient: string, source: string, from: StartingPoint): Promise<void> {
    const { client, keys } = this.redis;
    const key = keys.subscriptions(recipient);
    const after = await this.entryBefore(source, from);
    if ((await unavailableAsSuch(client.hget(key, source))) === ENDING) await this.end(recipient, source);
    const isNew = (await unavailableAsSuch(client.hsetnx(key, source, after))) === 1;
    if ((await this.makeGroup(recipient, source)) === 'full') {
      if (isNew) await unavailableAsSuch(client.hdel(key, source));
      throw new AudienceTooLargeError(source, this.largestAudience);
    }
    await this.tell(recipient);
  }

  async remove(recipient: string, source: string): Promise<void> {
    const { client, keys } = this.redis;
    await unavailableAsSuch(client.hset(keys.subscriptions(recipient), source, ENDING));
    await this.end(recipient, source);
    await this.tell(recipient);
  }

  /** @throws NotSubscribedError, InvalidOptionError */
  async replay(recipient: string, source: string, from: StartingPoint): Promise<void> {
    const after = from === 'now' ? '$' : await this.entryBefore(source, from);
    if (!(await this.streams.replay(recipient, source, after)))
      throw new NotSubscribedError(recipient, source);
  }

  /** Makes a recipient's group on a stream, unless it is there, or is not to be there. */
  async makeGroup(recipient: string, source: string): Promise<'made' | 'full' | 'unsubscribed'> {
    const after = await this.beginningOf(recipient, source);
    if (after === undefined) return 'unsubscribed';
    if (!(await this.streams.createGroup(recipient, source, after))) return 'full';
    if ((await this.beginningOf(recipient, source)) !== undefined) return 'made';
    // Somebody has ended the subscription in the meantime.
    await this.streams.destroyGroup(recipient, source);
    return 'unsubscribed';
  }

  private async beginningOf(recipient: string, source: string): Promise<string | undefined> {
    const key = this.redis.keys.subscriptions(recipient);
    const after = await unavailableAsSuch(this.redis.client.hget(key, source));
    return after === null || after === ENDING ? undefined : after;
  }

  /** Destroys the group of a subscription that is being ended, and strikes it out unless somebody has begun it anew. */
  private async end(recipient: string, source: string): Promise<void> {
    await this.streams.destroyGroup(recipient, source);
    const subscriptions = this.redis.keys.subscriptions(recipient);
    const args = { source, ending: ENDING };
    await unavailableAsSuch(strikeOutSubscription(this.redis.client, { subscriptions }, args));
  }

  private async entryBefore(source: string, from: StartingPoint): Promise<string> {
    if (from === 'beginning') return '0-0';
    const newest = await this.streams.newest(source);
    if (from === 'now') return newest;
    const entry = entryOf(from.after, source);
    // After a point that is still to come would be to miss what is published until then.
    return comparePlaces({ entry, source }, { entry: newest, source }) < 0 ? entry : newest;
  }

  private async tell(recipient: string): Promise<void> {
    const channel = this.redis.keys.subscriptionsWake(recipient);
    await unavailableAsSuch(this.redis.client.spublish(channel, ''));
  }
}
