import { SelfFollowError } from '../errors.js';
import { followAuthor } from '../lua/follow-author.js';
import { unfollowAuthor } from '../lua/unfollow-author.js';
import type { FanoutSettings } from '../options.js';
import { homePartition } from '../post-id.js';
import { type PartitionedRedis, unavailableAsSuch } from '../redis/partitioned.js';
import { buildArgs, type TimelineBuilder } from '../timelines/timeline-builder.js';
import type { Page, PageRequest } from '../timelines/timelines.js';
import { checkUserIds } from '../user-id.js';
import { pageOfSets } from './set-pages.js';

/** How many posts, followers and authors followed a user has. */
export interface UserCounts {
  readonly posts: number;
  readonly followers: number;
  readonly following: number;
}

/** Who follows whom. */
export class Follows {
  constructor(
    private readonly redis: PartitionedRedis,
    private readonly settings: FanoutSettings,
    private readonly builder: TimelineBuilder,
  ) {}

  /**
   * Lets a reader follow an author; also when repeated. When it resolves, the author's posts are in the reader's
   * timeline.
   *
   * @throws SelfFollowError, InvalidUserIdError, StorageUnavailableError
   */
  async follow(reader: string, author: string): Promise<void> {
    const { keys, client } = this.redis;
    const args = { reader, author, ...buildArgs(), backfill: 1 };
    const opened = await unavailableAsSuch(followAuthor(client, this.keysOf(reader, author), args));
    if (opened === undefined) return;
    const [posts] = (await this.redis.pipeline([
      {
        partition: keys.partitionOf(author),
        command: ['LRANGE', keys.posts(author), 0, this.settings.timelineMaxEntries],
      },
    ])) as [string[]];
    const ids = [...new Set([...opened.ids, ...posts])].sort().reverse();
    await this.builder.finish(reader, opened.mark, ids, opened.floor);
  }

  /**
   * Lets a reader follow an author, and drops the reader's timeline instead of filling it: the next read builds it.
   * For bringing in many.
   *
   * @throws SelfFollowError, InvalidUserIdError, StorageUnavailableError
   */
  async import(reader: string, author: string): Promise<void> {
    const args = { reader, author, ...buildArgs(), backfill: 0 };
    await unavailableAsSuch(followAuthor(this.redis.client, this.keysOf(reader, author), args));
  }

  /**
   * Ends that a reader follows an author; also when repeated. When it resolves, no post of the author is in the
   * reader's timeline, and none on its way gets there.
   *
   * @throws InvalidUserIdError, StorageUnavailableError
   */
  async unfollow(reader: string, author: string): Promise<void> {
    checkUserIds(reader, author);
    if (reader === author) return;
    const { keys } = this.redis;
    const args = { reader, author, ...buildArgs() };
    const opened = await unavailableAsSuch(
      unfollowAuthor(this.redis.client, this.keysOf(reader, author), args),
    );
    if (opened === undefined) return;
    const authors = await this.redis.pipeline(
      opened.ids.map((id) => ({
        partition: homePartition(id),
        command: ['HGET', keys.post(homePartition(id), id), 'author'],
      })),
    );
    const ids = opened.ids.filter((_, i) => authors[i] !== author);
    await this.builder.finish(reader, opened.mark, ids, opened.floor);
  }

  /**
   * A page of those whom a reader follows, in no order.
   *
   * @throws InvalidCursorError, InvalidUserIdError, StorageUnavailableError
   */
  async following(reader: string, request: Omit<PageRequest, 'since'> = {}): Promise<Page<string>> {
    checkUserIds(reader);
    const { keys } = this.redis;
    const set = { partition: keys.partitionOf(reader), key: keys.following(reader) };
    return pageOfSets(this.redis, [set], request.limit ?? 50, request.cursor);
  }

  /**
   * A page of an author's followers, in no order.
   *
   * @throws InvalidCursorError, InvalidUserIdError, StorageUnavailableError
   */
  async followers(author: string, request: Omit<PageRequest, 'since'> = {}): Promise<Page<string>> {
    checkUserIds(author);
    const { keys } = this.redis;
    const sets = this.partitions().map((partition) => ({
      partition,
      key: keys.followers(partition, author),
    }));
    return pageOfSets(this.redis, sets, request.limit ?? 50, request.cursor);
  }

  /** @throws InvalidUserIdError, StorageUnavailableError */
  async counts(user: string): Promise<UserCounts> {
    checkUserIds(user);
    const { keys } = this.redis;
    const home = keys.partitionOf(user);
    const [listed, unlisted, following, ...followers] = await this.redis.pipeline([
      { partition: home, command: ['LLEN', keys.posts(user)] },
      { partition: home, command: ['HGET', keys.overflow(home), user] },
      { partition: home, command: ['SCARD', keys.following(user)] },
      ...this.partitions().map((partition) => ({
        partition,
        command: ['SCARD', keys.followers(partition, user)] as const,
      })),
    ]);
    return {
      posts: Number(listed) + Number(unlisted ?? 0),
      followers: followers.reduce<number>((sum, count) => sum + Number(count), 0),
      following: Number(following),
    };
  }

  private partitions(): number[] {
    return Array.from({ length: this.redis.keys.partitions }, (_, partition) => partition);
  }

  private keysOf(reader: string, author: string): Record<'following' | 'followers' | 'timeline', string> {
    checkUserIds(reader, author);
    if (reader === author) throw new SelfFollowError(reader);
    const { keys } = this.redis;
    return {
      following: keys.following(reader),
      followers: keys.followers(keys.partitionOf(reader), author),
      timeline: keys.timeline(reader),
    };
  }
}
