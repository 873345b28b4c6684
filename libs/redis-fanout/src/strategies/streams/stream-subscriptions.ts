import { AudienceTooLargeError, NotSubscribedError } from '../../errors.js';
import { type PartitionedRedis, unavailableAsSuch } from '../../redis/partitioned.js';
import type { StartingPoint } from '../fanout-strategy.js';
import { comparePlaces, entryOf } from './message-id.js';
import type { SourceStreams } from './source-streams.js';

/**
 * Which streams a recipient reads. A subscription is written down before its group is made and struck out before the group
 * goes, as they lie in different slots: so a group that is missing, as the process died between or Redis has lost it, is
 * made again from where the subscription began, and one that was to go is not.
 */
export class StreamSubscriptions {
  constructor(
    private readonly redis: PartitionedRedis,
    private readonly streams: SourceStreams,
    private readonly largestAudience: number,
  ) {}

  /** The sources that a recipient is subscribed to. */
  async sourcesOf(recipient: string): Promise<string[]> {
    return unavailableAsSuch(this.redis.client.hkeys(this.redis.keys.subscriptions(recipient)));
  }

  /** @throws AudienceTooLargeError, InvalidOptionError */
  async add(recipient: string, source: string, from: StartingPoint): Promise<void> {
    const { client, keys } = this.redis;
    const key = keys.subscriptions(recipient);
    const after = await this.entryBefore(source, from);
    await unavailableAsSuch(client.hsetnx(key, source, after));
    if (!(await this.makeGroup(recipient, source))) {
      await unavailableAsSuch(client.hdel(key, source));
      throw new AudienceTooLargeError(source, this.largestAudience);
    }
    await this.tell(recipient);
  }

  async remove(recipient: string, source: string): Promise<void> {
    const { client, keys } = this.redis;
    await unavailableAsSuch(client.hdel(keys.subscriptions(recipient), source));
    await this.streams.destroyGroup(recipient, source);
    await this.tell(recipient);
  }

  /** @throws NotSubscribedError, InvalidOptionError */
  async replay(recipient: string, source: string, from: StartingPoint): Promise<void> {
    const after = from === 'now' ? '$' : await this.entryBefore(source, from);
    if (!(await this.streams.replay(recipient, source, after)))
      throw new NotSubscribedError(recipient, source);
  }

  /** Makes a recipient's group on a stream, unless it is there. False where it cannot or is not to be there. */
  async makeGroup(recipient: string, source: string): Promise<boolean> {
    const { client, keys } = this.redis;
    const after = await unavailableAsSuch(client.hget(keys.subscriptions(recipient), source));
    return after !== null && this.streams.createGroup(recipient, source, after);
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
