import { randomUUID } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import { homePartition, isPostId } from '../post-id.js';
import { isCluster } from '../redis/client.js';
import type { PartitionCommand, PartitionedRedis } from '../redis/partitioned.js';
import { SharedWork } from '../shared-work.js';
import { BODY_FIELDS, type Post, type StoredPost, storedPost } from './post.js';

/** What kept bodies take at most, about. */
const MAX_BYTES = 64 * 1024 * 1024;
/** A post without its texts, about. */
const POST_BYTES = 400;
/** Of so many partitions it costs little to look at all of them at once. */
const MAX_LOOKED_AT = 64;

/** What a look has shown of some partitions: the last change of a body in each; null where none is noted. */
export type BodyLook = ReadonlyMap<number, string | null>;

/** What is known of the bodies of a partition. */
interface Home {
  /** The last change that the kept bodies take into account; undefined before the first look. */
  change: string | undefined;
  /** Bodies of earlier ones are out of date. */
  generation: number;
}

/** A body that is kept. */
interface Kept {
  readonly post: Post;
  readonly home: Home;
  readonly generation: number;
}

/**
 * Keeps bodies of posts in the process. An edit or a deletion is noted in the post's partition in the same step, so a look
 * at the last change there tells whether what is kept still holds: every read looks once, at all partitions that
 * it needs. So it sees whatever was answered before it began, as if nothing were kept.
 */
export class BodyCache {
  private readonly kept = new LRUCache<string, Kept>({ maxSize: MAX_BYTES, sizeCalculation: sizeOf });
  private readonly homes: readonly Home[];
  private readonly catchingUp = new SharedWork<void>(async (partition) => this.catchUp(Number(partition)));
  private readonly all: readonly number[];

  constructor(private readonly redis: PartitionedRedis) {
    this.all = Array.from({ length: redis.keys.partitions }, (_, partition) => partition);
    this.homes = this.all.map(() => ({ change: undefined, generation: 0 }));
  }

  /**
   * A look at all partitions, to be sent along with the first commands of a read. None where that would take more than
   * one command: then partitions are looked at as they are needed.
   */
  get lookCommand(): PartitionCommand | undefined {
    if (isCluster(this.redis.client) || this.all.length > MAX_LOOKED_AT) return undefined;
    const keys = this.all.map((partition) => this.redis.keys.changed(partition));
    return { partition: 0, command: ['MGET', ...keys] };
  }

  /** What the answer to `lookCommand` says; nothing where there was none. */
  lookOf(reply: unknown): BodyLook {
    const changes = (reply ?? []) as (string | null)[];
    return new Map(changes.map((change, partition) => [partition, change]));
  }

  /**
   * What is known of posts, in the order of their ids: as it was at the time of the look or later. Asks for what is missing,
   * one pipeline for each node that holds some, and once more where bodies have changed.
   *
   * @throws StorageUnavailableError
   */
  async get(ids: readonly string[], look: BodyLook): Promise<StoredPost[]> {
    const kept = ids.map((id) => this.find(id));
    if (!kept.includes(undefined) && look.size === this.homes.length && this.outdated(look).length === 0)
      return kept;
    const fetched = new Map<string, StoredPost>();
    const missing = ids.filter((_, i) => kept[i] === undefined);
    const changes = await this.fetch(missing, this.unseen(ids, look), look, fetched);
    await Promise.all(this.outdated(changes).map(async (home) => this.catchingUp.do(String(home))));
    // Others may have taken changes into account meanwhile: what was found before does not count.
    const still = ids.map((id) => (fetched.has(id) ? fetched.get(id) : this.find(id)));
    const left = ids.filter((id, i) => still[i] === undefined && !fetched.has(id));
    await this.fetch(left, [], this.present(), fetched);
    return ids.map((id, i) => still[i] ?? fetched.get(id));
  }

  /** Fetches bodies, and looks at partitions that a look has left out. Answers the last change of each by both. */
  private async fetch(
    ids: readonly string[],
    unseen: readonly number[],
    look: BodyLook,
    fetched: Map<string, StoredPost>,
  ): Promise<BodyLook> {
    const missing = ids.filter((id) => this.isIdOfOurs(id));
    if (missing.length + unseen.length === 0) return look;
    const { keys } = this.redis;
    const replies = await this.redis.pipeline([
      // First of all: bodies are at least as new as the change that they are kept under.
      ...unseen.map((home): PartitionCommand => ({ partition: home, command: ['GET', keys.changed(home)] })),
      ...missing.map((id) => this.bodyCommand(id)),
    ]);
    const changes =
      unseen.length === 0
        ? look
        : new Map([...look, ...unseen.map((home, i) => [home, replies[i] as string | null] as const)]);
    this.begin(changes);
    missing.forEach((id, i) => {
      const post = storedPost(id, replies[unseen.length + i] as (string | null)[]);
      fetched.set(id, post);
      this.keep(id, post, changes.get(homePartition(id)));
    });
    return changes;
  }

  /** Takes the first look at a partition for granted: nothing of it is kept yet. */
  private begin(changes: BodyLook): void {
    for (const [partition, change] of changes) {
      const home = this.homes[partition];
      if (home !== undefined && change !== null) home.change ??= change;
    }
  }

  /** The partitions of these posts that are not among those that were looked at. */
  private unseen(ids: readonly string[], look: BodyLook): number[] {
    if (look.size === this.homes.length) return [];
    const homes = new Set(ids.filter((id) => this.isIdOfOurs(id)).map(homePartition));
    return [...homes].filter((home) => !look.has(home));
  }

  private isIdOfOurs(id: string): boolean {
    return isPostId(id) && homePartition(id) < this.homes.length;
  }

  private bodyCommand(id: string): PartitionCommand {
    const home = homePartition(id);
    return { partition: home, command: ['HMGET', this.redis.keys.post(home, id), ...BODY_FIELDS] };
  }

  /** The partitions in which there are other changes than those that are taken into account. */
  private outdated(changes: BodyLook): number[] {
    return [...changes].filter(([home, change]) => this.homes[home]?.change !== change).map(([home]) => home);
  }

  /** Takes the changes into account that there are by now. */
  private async catchUp(partition: number): Promise<void> {
    const home = this.homes[partition];
    if (home === undefined) return;
    const { keys } = this.redis;
    const from = home.change !== undefined && /^\d+-\d+$/.test(home.change) ? home.change : '-';
    const [last, changes] = (await this.redis.pipeline([
      { partition, command: ['GET', keys.changed(partition)] },
      { partition, command: ['XRANGE', keys.changes(partition), from, '+'] },
    ])) as [string | null, [entry: string, fields: string[]][]];
    const newest = changes.at(-1);
    if (newest !== undefined && from !== '-' && changes[0]?.[0] === from) {
      for (const [, [, id = '']] of changes) this.kept.delete(id);
      home.change = newest[0];
    } else {
      home.generation++;
      home.change = last ?? (await this.noteBeginning(partition));
    }
  }

  /**
   * Where nothing was noted ever, nobody could tell a Redis that has lost its data from one in which nothing has changed: so a
   * beginning is noted. Answers it; undefined where Redis takes nothing more, as reading goes on then, and nothing is kept.
   */
  private async noteBeginning(partition: number): Promise<string | undefined> {
    const beginning = randomUUID();
    const command = ['SET', this.redis.keys.changed(partition), beginning, 'NX', 'GET'] as const;
    try {
      const [before] = (await this.redis.pipeline([{ partition, command }])) as [string | null];
      return before ?? beginning;
    } catch {
      return undefined;
    }
  }

  /** The changes that are taken into account by now. */
  private present(): BodyLook {
    return new Map(this.homes.map(({ change }, partition) => [partition, change ?? null]));
  }

  private find(id: string): Post | undefined {
    const kept = this.kept.get(id);
    return kept?.generation === kept?.home.generation ? kept?.post : undefined;
  }

  /** Keeps a body that was read after a look, unless changes were taken into account since that it may not know of. */
  private keep(id: string, post: StoredPost, change: string | null | undefined): void {
    const home = this.homes[homePartition(id)];
    if (home === undefined || post === undefined || post === 'deleted' || change !== home.change) return;
    Object.freeze(post.attachments);
    this.kept.set(id, { post: Object.freeze(post), home, generation: home.generation });
  }
}

function sizeOf({ post }: Kept): number {
  const characters = post.text.length + post.attachments.reduce((sum, { length }) => sum + length, 0);
  return POST_BYTES + 2 * characters;
}
