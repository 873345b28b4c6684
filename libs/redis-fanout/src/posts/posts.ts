import { randomUUID } from 'node:crypto';

import {
  BacklogFullError,
  IdempotencyConflictError,
  ImportTimeError,
  PostDeletedError,
  PostNotFoundError,
  RateLimitedError,
} from '../errors.js';
import { deletePost } from '../lua/delete-post.js';
import { editPost } from '../lua/edit-post.js';
import { importPost } from '../lua/import-post.js';
import { publishPost } from '../lua/publish-post.js';
import type { FanoutSettings } from '../options.js';
import { homePartition, isPostId, publishedAtMs } from '../post-id.js';
import { type PartitionedRedis, unavailableAsSuch } from '../redis/partitioned.js';
import { checkUserIds } from '../user-id.js';
import { BacklogGauge } from './backlog-gauge.js';
import { type DeliveryAccount, readDeliveryAccount } from './delivery-account.js';
import { BODY_FIELDS, parseAttachments, type Post, type StoredPost, storedPost } from './post.js';

/** What an author publishes. */
export interface PostDraft {
  readonly author: string;
  readonly text: string;
  readonly attachments?: readonly string[] | undefined;
  /**
   * Lets the same request be repeated: within `keepMs` (default 24 hours) the same key of the same author gives the
   * post of the first time, or a conflict where the fingerprint (of the body; what the caller takes it to be) differs.
   */
  readonly idempotency?:
    { readonly key: string; readonly fingerprint: string; readonly keepMs?: number } | undefined;
  /** False where the author's rate limit does not count; default true. */
  readonly rateLimited?: boolean;
}

/** A post to be brought in from an archive. */
export interface ArchivedPost {
  readonly author: string;
  readonly text: string;
  /** Milliseconds since 1970; not in the future. */
  readonly atMs: number;
}

const DAY_MS = 24 * 3600 * 1000;
/** Without a key of the caller's, a call is known for so long: commands are sent again after a reconnect. */
const RESEND_MS = 30_000;

/** The posts and their authors' lists. What was accepted is kept, with the event that leads to its delivery. */
export class Posts {
  private readonly gauge: BacklogGauge;

  constructor(
    private readonly redis: PartitionedRedis,
    private readonly settings: FanoutSettings,
  ) {
    this.gauge = new BacklogGauge(redis, settings.maxBacklog, settings.consumerGroup);
  }

  /** Looks up what waits for the fan-out, so that the limit holds from the first post on. */
  async measureBacklog(): Promise<void> {
    await this.gauge.look();
  }

  /**
   * Publishes a post: one script call. When it resolves, post and event are stored; where it rejects with one of the
   * errors below, nothing is.
   *
   * @throws IdempotencyConflictError, RateLimitedError, BacklogFullError, StorageUnavailableError, InvalidUserIdError
   */
  async publish(draft: PostDraft): Promise<{ readonly post: Post; readonly replayed: boolean }> {
    checkUserIds(draft.author);
    const result = await this.withBacklogLimit(this.redis.keys.partitionOf(draft.author), (maxBacklog) =>
      this.runPublish(draft, maxBacklog),
    );
    switch (result.outcome) {
      case 'published':
        return { post: newPost(result.id, draft), replayed: false };
      case 'replayed':
        return { post: await this.get(result.id), replayed: true };
      case 'conflict':
        throw new IdempotencyConflictError();
      case 'rate-limited':
        throw new RateLimitedError(result.retryAfterMs);
    }
  }

  /**
   * Brings in a post of the past at its place. The same author, time and text again is the same post.
   *
   * @throws ImportTimeError where the time is in the future, or a thousand posts of the author's partition have it;
   *   BacklogFullError, StorageUnavailableError, InvalidUserIdError
   */
  async import(post: ArchivedPost): Promise<{ readonly id: string; readonly replayed: boolean }> {
    checkUserIds(post.author);
    if (!Number.isInteger(post.atMs) || post.atMs < 0)
      throw new ImportTimeError('a post has a time after 1970');
    const result = await this.withBacklogLimit(this.redis.keys.partitionOf(post.author), (maxBacklog) =>
      this.runImport(post, maxBacklog),
    );
    switch (result.outcome) {
      case 'published':
      case 'replayed':
        return { id: result.id, replayed: result.outcome === 'replayed' };
      case 'future':
        throw new ImportTimeError('a post cannot have a time in the future');
      case 'full':
        throw new ImportTimeError('a thousand posts of this partition have this millisecond');
    }
  }

  /** @throws PostNotFoundError, PostDeletedError, StorageUnavailableError */
  async get(id: string): Promise<Post> {
    const [post] = await this.lookUp([id]);
    return existing(id, post);
  }

  /**
   * What is known of posts, in the order of their ids: one pipeline for each node that holds some. Always the present
   * state, so that an edit or a deletion shows in every read that starts after it.
   */
  async lookUp(ids: readonly string[]): Promise<StoredPost[]> {
    const known = ids.map((id) => this.isIdOfOurs(id));
    const replies = await this.redis.pipeline(
      ids
        .filter((_, i) => known[i])
        .map((id) => ({
          partition: homePartition(id),
          command: ['HMGET', this.redis.keys.post(homePartition(id), id), ...BODY_FIELDS],
        })),
    );
    let next = 0;
    return ids.map((id, i) => (known[i] ? storedPost(id, replies[next++] as (string | null)[]) : undefined));
  }

  /**
   * Gives a post another text.
   *
   * @throws PostNotFoundError also where another wrote it; PostDeletedError, BacklogFullError, StorageUnavailableError
   */
  async edit(id: string, author: string, text: string): Promise<Post> {
    const home = this.homeOf(id);
    const keys = { ...this.changeKeys(home), post: this.redis.keys.post(home, id) };
    const result = await this.withBacklogLimit(home, (maxBacklog) =>
      editPost(this.redis.client, keys, { id, author, text, maxBacklog }),
    );
    if (result.outcome === 'deleted') throw new PostDeletedError(id);
    if (result.outcome !== 'edited') throw new PostNotFoundError(id);
    const attachments = parseAttachments(result.attachments);
    return {
      ...newPost(id, { author, text, attachments }),
      editedAt: new Date(result.editedMs).toISOString(),
    };
  }

  /**
   * Deletes a post; also when repeated.
   *
   * @throws PostNotFoundError also where another wrote it; BacklogFullError, StorageUnavailableError
   */
  async delete(id: string, author: string): Promise<void> {
    const home = this.homeOf(id);
    if (this.redis.keys.partitionOf(author) !== home) throw new PostNotFoundError(id);
    const { keys } = this.redis;
    const names = {
      ...this.changeKeys(home),
      post: keys.post(home, id),
      posts: keys.posts(author),
      overflow: keys.overflow(home),
    };
    const result = await this.withBacklogLimit(home, (maxBacklog) =>
      deletePost(this.redis.client, names, { id, author, maxBacklog }),
    );
    if (result.outcome === 'missing') throw new PostNotFoundError(id);
  }

  /**
   * What the delivery of a post came to so far.
   *
   * @throws PostNotFoundError, PostDeletedError, StorageUnavailableError
   */
  async delivery(id: string): Promise<DeliveryAccount> {
    this.homeOf(id);
    return readDeliveryAccount(this.redis, this.settings.consumerGroup, id);
  }

  private homeOf(id: string): number {
    if (!this.isIdOfOurs(id)) throw new PostNotFoundError(id);
    return homePartition(id);
  }

  private isIdOfOurs(id: string): boolean {
    return isPostId(id) && homePartition(id) < this.redis.keys.partitions;
  }

  /** Holds an operation to the limit; where it seems reached, the other partitions' backlogs are looked up first. */
  private async withBacklogLimit<R extends { readonly outcome: string }>(
    partition: number,
    run: (maxBacklog: number) => Promise<R>,
  ): Promise<Exclude<R, { readonly outcome: 'backlog-full' }>> {
    let result = await unavailableAsSuch(run(this.gauge.limit(partition)));
    if (result.outcome === 'backlog-full') {
      await this.gauge.look();
      result = await unavailableAsSuch(run(this.gauge.limit(partition)));
    }
    if ('backlog' in result && typeof result.backlog === 'number') {
      this.gauge.note(partition, result.backlog);
      if (result.outcome === 'backlog-full') throw new BacklogFullError(this.settings.maxBacklog);
    }
    return result as Exclude<R, { readonly outcome: 'backlog-full' }>;
  }

  private changeKeys(home: number): Record<'outbox' | 'changed' | 'changes', string> {
    const { keys } = this.redis;
    return { outbox: keys.outbox(home), changed: keys.changed(home), changes: keys.changes(home) };
  }

  // Spelled out: to spread other objects into these took longer than all else that a call costs this process.
  private runPublish(draft: PostDraft, maxBacklog: number): ReturnType<typeof publishPost> {
    const { author, text, attachments = [], idempotency, rateLimited = true } = draft;
    const { keys, client } = this.redis;
    const home = keys.partitionOf(author);
    const second = Math.floor(Date.now() / 1000);
    return publishPost(
      client,
      {
        lastId: keys.lastId(home),
        outbox: keys.outbox(home),
        posts: keys.posts(author),
        undelivered: keys.undelivered(author),
        idempotency:
          idempotency === undefined ? keys.attempts(home, second) : keys.idempotency(author, idempotency.key),
        rate: keys.rate(author),
        overflow: keys.overflow(home),
        guard: keys.guard(home),
      },
      {
        postStem: keys.post(home),
        home: keys.digits(home),
        author,
        text,
        attachments: attachments.length === 0 ? '' : JSON.stringify(attachments),
        digest: idempotency?.fingerprint ?? '',
        attempt: idempotency === undefined ? randomUUID() : '',
        idempotencyMs: idempotency === undefined ? RESEND_MS : (idempotency.keepMs ?? DAY_MS),
        postsPerMinute: rateLimited ? this.settings.postsPerMinute : 0,
        maxBacklog,
        maxPosts: this.settings.authorMaxPosts,
      },
    );
  }

  private runImport({ author, text, atMs }: ArchivedPost, maxBacklog: number): ReturnType<typeof importPost> {
    const { keys, client } = this.redis;
    const home = keys.partitionOf(author);
    return importPost(
      client,
      {
        lastId: keys.lastId(home),
        outbox: keys.outbox(home),
        posts: keys.posts(author),
        overflow: keys.overflow(home),
        guard: keys.guard(home),
      },
      {
        postStem: keys.post(home),
        home: keys.digits(home),
        author,
        text,
        atMs,
        maxBacklog,
        maxPosts: this.settings.authorMaxPosts,
      },
    );
  }
}

function newPost(id: string, { author, text, attachments = [] }: PostDraft): Post {
  return {
    id,
    author,
    text,
    attachments,
    createdAt: new Date(publishedAtMs(id)).toISOString(),
    editedAt: null,
  };
}

function existing(id: string, post: StoredPost): Post {
  if (post === undefined) throw new PostNotFoundError(id);
  if (post === 'deleted') throw new PostDeletedError(id);
  return post;
}
