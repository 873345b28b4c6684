import { BlockedError, SelfFollowError, SelfHideError } from '../errors.js';
import { blockUser } from '../lua/block-user.js';
import { followAuthor } from '../lua/follow-author.js';
import { muteUser } from '../lua/mute-user.js';
import type { MarkedTimeline } from '../lua/marked-timeline.js';
import type { OpenedTimeline } from '../lua/opened-timeline.js';
import { unfollowAuthor } from '../lua/unfollow-author.js';
import { unmuteUser } from '../lua/unmute-user.js';
import type { FanoutSettings } from '../options.js';
import { homePartition } from '../post-id.js';
import type { BatchedReads } from '../redis/batched-reads.js';
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

/** Of an author so many posts are read at first, to be brought into a timeline: few have more in its window. */
const FEW_POSTS = 50;

/** Who follows whom, has muted whom, and has blocked whom. */
export class Follows {
  constructor(
    private readonly redis: PartitionedRedis,
    private readonly reads: BatchedReads,
    private readonly settings: FanoutSettings,
    private readonly builder: TimelineBuilder,
  ) {}

  /**
   * Lets a reader follow an author; also when repeated. When it resolves, the author's posts are in the reader's
   * timeline.
   *
   * @throws BlockedError, SelfFollowError, InvalidUserIdError, StorageUnavailableError
   */
  async follow(reader: string, author: string): Promise<void> {
    await this.bringIn(reader, author, await this.runFollow(reader, author, true));
  }

  /**
   * Lets a reader follow an author, and drops the reader's timeline instead of filling it: the next read builds it.
   * For bringing in many.
   *
   * @throws BlockedError, SelfFollowError, InvalidUserIdError, StorageUnavailableError
   */
  async import(reader: string, author: string): Promise<void> {
    await this.runFollow(reader, author, false);
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
    const args = { reader, author, ...buildArgs() };
    const opened = unfollowAuthor(this.redis.client, this.keysOf(reader, author), args);
    await this.takeOut(reader, author, await unavailableAsSuch(opened));
  }

  /**
   * Hides the posts of a user from a reader, who may follow that user or not, now or later; also when repeated. When it
   * resolves, no post of the user is in the reader's timeline, and none on its way gets there. Nobody else is told.
   *
   * @throws SelfHideError, InvalidUserIdError, StorageUnavailableError
   */
  async mute(reader: string, other: string): Promise<void> {
    checkOther(reader, other);
    const names = { ...this.keysOf(reader, other), muted: this.redis.keys.muted(reader) };
    const opened = muteUser(this.redis.client, names, { reader, other, ...buildArgs() });
    await this.takeOut(reader, other, await unavailableAsSuch(opened));
  }

  /**
   * Shows the posts of a user again, also when repeated. When it resolves, those of one who is followed are in the reader's
   * timeline, as if they had never been hidden.
   *
   * @throws SelfHideError, InvalidUserIdError, StorageUnavailableError
   */
  async unmute(reader: string, other: string): Promise<void> {
    checkOther(reader, other);
    const names = { ...this.keysOf(reader, other), muted: this.redis.keys.muted(reader) };
    const marked = unmuteUser(this.redis.client, names, { reader, other, ...buildArgs() });
    await this.bringIn(reader, other, await unavailableAsSuch(marked));
  }

  /**
   * Ends following both ways between two users, and refuses it from then on; also when repeated. When it resolves, no post
   * of either is in the other's timeline, and none on its way gets there. Where it rejects, one side may be done: it is to
   * be repeated.
   *
   * @throws SelfHideError, InvalidUserIdError, StorageUnavailableError
   */
  async block(user: string, other: string): Promise<void> {
    checkOther(user, other);
    const { keys } = this.redis;
    await Promise.all([
      this.blockSide(user, other, keys.blocked(user)),
      this.blockSide(other, user, keys.blockedBy(other)),
    ]);
  }

  /**
   * Ends that a user has blocked another; also when repeated. Nobody follows again by that, and a block by the other one
   * stays. Where it rejects, it is to be repeated.
   *
   * @throws SelfHideError, InvalidUserIdError, StorageUnavailableError
   */
  async unblock(user: string, other: string): Promise<void> {
    checkOther(user, other);
    const { keys } = this.redis;
    await this.redis.pipeline([
      { partition: keys.partitionOf(user), command: ['SREM', keys.blocked(user), other] },
      { partition: keys.partitionOf(other), command: ['SREM', keys.blockedBy(other), user] },
    ]);
  }

  /**
   * A page of those whom a reader follows, in no order.
   *
   * @throws InvalidCursorError, InvalidUserIdError, StorageUnavailableError
   */
  async following(reader: string, request: Omit<PageRequest, 'since'> = {}): Promise<Page<string>> {
    checkUserIds(reader);
    const { keys } = this.redis;
    const partition = keys.partitionOf(reader);
    const sets = [keys.following(reader), keys.followingMuted(reader)].map((key) => ({ partition, key }));
    return pageOfSets(this.redis, sets, request.limit ?? 50, request.cursor);
  }

  /**
   * A page of an author's followers, in no order.
   *
   * @throws InvalidCursorError, InvalidUserIdError, StorageUnavailableError
   */
  async followers(author: string, request: Omit<PageRequest, 'since'> = {}): Promise<Page<string>> {
    checkUserIds(author);
    const { keys } = this.redis;
    const sets = this.partitions().flatMap((partition) =>
      [keys.followers(partition, author), keys.followersMuted(partition, author)].map((key) => ({
        partition,
        key,
      })),
    );
    return pageOfSets(this.redis, sets, request.limit ?? 50, request.cursor);
  }

  /** @throws InvalidUserIdError, StorageUnavailableError */
  async counts(user: string): Promise<UserCounts> {
    checkUserIds(user);
    const { keys } = this.redis;
    const home = keys.partitionOf(user);
    const [listed, unlisted, following, followingMuted, ...followers] = await this.redis.pipeline([
      { partition: home, command: ['LLEN', keys.posts(user)] },
      { partition: home, command: ['HGET', keys.overflow(home), user] },
      { partition: home, command: ['SCARD', keys.following(user)] },
      { partition: home, command: ['SCARD', keys.followingMuted(user)] },
      ...this.partitions().flatMap((partition) =>
        [keys.followers(partition, user), keys.followersMuted(partition, user)].map((key) => ({
          partition,
          command: ['SCARD', key] as const,
        })),
      ),
    ]);
    return {
      posts: Number(listed) + Number(unlisted ?? 0),
      followers: followers.reduce<number>((sum, count) => sum + Number(count), 0),
      following: Number(following) + Number(followingMuted),
    };
  }

  private async runFollow(
    reader: string,
    author: string,
    backfill: boolean,
  ): Promise<MarkedTimeline | undefined> {
    checkUserIds(reader, author);
    if (reader === author) throw new SelfFollowError(reader);
    const { keys, client } = this.redis;
    const names = {
      ...this.keysOf(reader, author),
      muted: keys.muted(reader),
      blocked: keys.blocked(reader),
      blockedBy: keys.blockedBy(reader),
    };
    const args = { reader, author, ...buildArgs(), backfill: backfill ? 1 : 0 };
    const marked = await unavailableAsSuch(followAuthor(client, names, args));
    if (marked === 'blocked') throw new BlockedError(reader, author);
    return marked;
  }

  private async blockSide(user: string, other: string, blocks: string): Promise<void> {
    const names = { ...this.keysOf(user, other), blocks };
    const opened = blockUser(this.redis.client, names, { user, other, ...buildArgs() });
    await this.takeOut(user, other, await unavailableAsSuch(opened));
  }

  /** Brings an author's posts into a timeline that was marked for it. */
  private async bringIn(reader: string, author: string, marked: MarkedTimeline | undefined): Promise<void> {
    if (marked === undefined) return;
    await this.builder.bringIn(reader, marked, await this.newestPosts(author, marked.floor));
  }

  /**
   * An author's newest posts, newest first: at least those above a floor, or as many as fit into a timeline. Where there are
   * more than were read, all are read again, as meanwhile some may have come or gone.
   */
  private async newestPosts(author: string, floor: string): Promise<string[]> {
    const { keys } = this.redis;
    const most = this.settings.timelineMaxEntries + 1;
    for (let count = Math.min(FEW_POSTS, most); ; count = Math.min(4 * count, most)) {
      const partition = keys.partitionOf(author);
      const { commands } = await this.reads.read({
        partition,
        commands: [['LRANGE', keys.posts(author), -count, -1]],
      });
      const [ids] = commands as [string[]];
      if (count === most || ids.length < count || (ids[0] ?? '') <= floor) return ids.reverse();
    }
  }

  /** Finishes a timeline that was opened, without an author's posts. */
  private async takeOut(reader: string, author: string, opened: OpenedTimeline | undefined): Promise<void> {
    if (opened === undefined) return;
    const { keys } = this.redis;
    const authors = await this.redis.pipeline(
      opened.ids.map((id) => ({
        partition: homePartition(id),
        command: ['HGET', keys.post(homePartition(id), id), 'author'],
      })),
    );
    const ids = opened.ids.filter((_, i) => authors[i] !== author);
    await this.builder.finish(reader, opened.mark, ids, opened.floor);
  }

  private partitions(): number[] {
    return Array.from({ length: this.redis.keys.partitions }, (_, partition) => partition);
  }

  private keysOf(
    reader: string,
    author: string,
  ): Record<'following' | 'followers' | 'followingMuted' | 'followersMuted' | 'timeline', string> {
    const { keys } = this.redis;
    const partition = keys.partitionOf(reader);
    return {
      following: keys.following(reader),
      followers: keys.followers(partition, author),
      followingMuted: keys.followingMuted(reader),
      followersMuted: keys.followersMuted(partition, author),
      timeline: keys.timeline(reader),
    };
  }
}

/** @throws SelfHideError, InvalidUserIdError */
function checkOther(user: string, other: string): void {
  checkUserIds(user, other);
  if (user === other) throw new SelfHideError(user);
}
