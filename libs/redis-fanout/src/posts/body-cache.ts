import { LRUCache } from 'lru-cache';

import { homePartition, isPostId } from '../post-id.js';
import { isCluster } from '../redis/client.js';
import type { PartitionCommand, PartitionedRedis } from '../redis/partitioned.js';
import { SeenChanges } from '../redis/seen-changes.js';
import { BODY_FIELDS, type Post, type StoredPost, storedPost } from './post.js';

/** What kept bodies take at most, about. */
const MAX_BYTES = 64 * 1024 * 1024;
/** A post without its texts, about. */
const POST_BYTES = 400;

/** What a look has shown, by where changes are noted (`Keys.homeOfChanges`): the last one; null where none is noted. */
export type BodyLook = ReadonlyMap<number, string | null>;

/** A body that is kept. */
interface Kept {
  readonly post: Post;
  /** Where its changes are noted. */
  readonly home: number;
  /** See `SeenChanges.generationOf`. */
  readonly generation: number;
}

/**
 * Keeps bodies of posts in the process. An edit or a deletion is noted in the same step (`Keys.homeOfChanges` says where), and
 * every read looks once wherever it needs to (`SeenChanges`). So it sees whatever was answered before it began, as if nothing
 * were kept.
 */
export class BodyCache {
  private readonly kept = new LRUCache<string, Kept>({ maxSize: MAX_BYTES, sizeCalculation: sizeOf });
  private readonly changes: SeenChanges;
  /**
   * What the first command of a read is to ask for, so that it has looked at all bodies. Nothing on a cluster: there partitions
   * are looked at as they are needed.
   */
  readonly lookKeys: readonly string[];

  constructor(private readonly redis: PartitionedRedis) {
    const { client, keys } = redis;
    this.changes = new SeenChanges(
      redis,
      (partition) => ({ changed: keys.changed(partition), changes: keys.changes(partition) }),
      (_, [, id = '']) => {
        this.kept.delete(id);
      },
    );
    this.lookKeys = isCluster(client) ? [] : [keys.changed(0)];
  }

  /** What the values of `lookKeys` say. */
  lookOf(changes: readonly (string | null)[]): BodyLook {
    return new Map(changes.map((change, home) => [home, change]));
  }

  /**
   * What is known of posts, in the order of their ids: as it was at the time of the look or later. Asks for what is missing,
   * one pipeline for each node that holds some, and once more where bodies have changed.
   *
   * @throws StorageUnavailableError
   */
  async get(ids: readonly string[], look: BodyLook): Promise<StoredPost[]> {
    const kept = ids.map((id) => this.find(id));
    if (!kept.includes(undefined) && this.unseen(ids, look).length === 0 && this.outdated(look).length === 0)
      return kept;
    const fetched = new Map<string, StoredPost>();
    const missing = ids.filter((_, i) => kept[i] === undefined);
    const changes = await this.fetch(missing, this.unseen(ids, look), look, fetched);
    await Promise.all(this.outdated(changes).map(async (home) => this.changes.catchUp(home)));
    // Others may have taken changes into account meanwhile: what was found before does not count.
    const still = ids.map((id) => (fetched.has(id) ? fetched.get(id) : this.find(id)));
    const left = ids.filter((id, i) => still[i] === undefined && !fetched.has(id));
    await this.fetch(left, [], this.present(left), fetched);
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
    for (const [home, change] of changes) this.changes.begin(home, change);
    missing.forEach((id, i) => {
      const post = storedPost(id, replies[unseen.length + i] as (string | null)[]);
      fetched.set(id, post);
      this.keep(id, post, changes.get(this.homeOf(id)));
    });
    return changes;
  }

  /** Where changes of these posts are noted, and was not looked. */
  private unseen(ids: readonly string[], look: BodyLook): number[] {
    if (this.lookKeys.length > 0 && look.size > 0) return [];
    const homes = new Set(ids.filter((id) => this.isIdOfOurs(id)).map((id) => this.homeOf(id)));
    return [...homes].filter((home) => !look.has(home));
  }

  private homeOf(id: string): number {
    return this.redis.keys.homeOfChanges(homePartition(id));
  }

  private isIdOfOurs(id: string): boolean {
    return isPostId(id) && homePartition(id) < this.redis.keys.partitions;
  }

  private bodyCommand(id: string): PartitionCommand {
    const home = homePartition(id);
    return { partition: home, command: ['HMGET', this.redis.keys.post(home, id), ...BODY_FIELDS] };
  }

  /** The partitions in which there are other changes than those that are taken into account. */
  private outdated(changes: BodyLook): number[] {
    return [...changes]
      .filter(([home, change]) => this.changes.isOutdated(home, change))
      .map(([home]) => home);
  }

  /** The changes that are taken into account by now, where these posts are. */
  private present(ids: readonly string[]): BodyLook {
    const homes = new Set(ids.map((id) => this.homeOf(id)));
    return new Map([...homes].map((home) => [home, this.changes.lastOf(home) ?? null]));
  }

  private find(id: string): Post | undefined {
    const kept = this.kept.get(id);
    if (kept === undefined) return undefined;
    return kept.generation === this.changes.generationOf(kept.home) ? kept.post : undefined;
  }

  /** Keeps a body that was read after a look, unless changes were taken into account since that it may not know of. */
  private keep(id: string, post: StoredPost, change: string | null | undefined): void {
    if (post === undefined || post === 'deleted') return;
    const home = this.homeOf(id);
    if (typeof change !== 'string' || this.changes.isOutdated(home, change)) return;
    Object.freeze(post.attachments);
    const generation = this.changes.generationOf(home);
    this.kept.set(id, { post: Object.freeze(post), home, generation });
  }
}

function sizeOf({ post }: Kept): number {
  const characters = post.text.length + post.attachments.reduce((sum, { length }) => sum + length, 0);
  return POST_BYTES + 2 * characters;
}
