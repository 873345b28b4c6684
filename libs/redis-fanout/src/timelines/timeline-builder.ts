import { randomInt } from 'node:crypto';

import { beginTimeline } from '../lua/begin-timeline.js';
import { bringInPosts } from '../lua/bring-in-posts.js';
import { finishTimeline } from '../lua/finish-timeline.js';
import type { MarkedTimeline } from '../lua/marked-timeline.js';
import { BUILD_MS, type FanoutSettings } from '../options.js';
import { asFanoutError, type PartitionedRedis, unavailableAsSuch } from '../redis/partitioned.js';
import { authorLists } from './author-lists.js';
import { FlooredList } from './floored-list.js';
import { NewestFirst } from './newest-first.js';
import { SharedWork } from '../shared-work.js';

/** The newest ids of a timeline, all above its floor. */
interface NewestIds {
  readonly ids: readonly string[];
  readonly floor: string;
}

/**
 * Builds timelines. One under construction carries a mark; deliveries land in it, but whoever reads it looks at the
 * authors' lists instead. Only who holds the mark finishes it, so a follow, an unfollow or another builder in between
 * makes the construction void, never wrong.
 */
export class TimelineBuilder {
  private readonly builds = new SharedWork((reader) => this.build(reader));

  constructor(
    private readonly redis: PartitionedRedis,
    private readonly settings: FanoutSettings,
  ) {}

  /**
   * Builds a reader's timeline from the authors' lists. Answers what it is made of, also where it could not be kept, as
   * another process builds it or just has; undefined where there is no memory for it. Of any number of calls at the same
   * time one does the work, and one more for those who came while it was done: what is answered was read after the call.
   *
   * @throws StorageUnavailableError
   */
  async materialise(reader: string): Promise<FlooredList | undefined> {
    const newest = await this.builds.do(reader);
    return newest && FlooredList.known(newest.ids, newest.floor);
  }

  private async build(reader: string): Promise<NewestIds | undefined> {
    const { keys, client } = this.redis;
    const timeline = keys.timeline(reader);
    const begun = await beginTimeline(client, { timeline }, buildArgs()).catch(outOfMemory);
    if (begun === undefined) return undefined;
    // One more than it holds: that one is the floor.
    const wanted = this.settings.timelineMaxEntries + 1;
    const lists = await authorLists(this.redis, reader, '~', wanted);
    const merge = new NewestFirst(this.redis, lists, { below: '~', above: '' }, () => Promise.resolve([]));
    const ids = await merge.take(wanted);
    const floor = ids[wanted - 1] ?? '0';
    const kept = ids.slice(0, wanted - 1);
    if (begun.outcome === 'begun') await this.finish(reader, begun.mark, kept, floor);
    return { ids: kept, floor };
  }

  /** Brings posts, newest first, into a timeline that was marked for it. */
  async bringIn(reader: string, { mark, floor }: MarkedTimeline, ids: readonly string[]): Promise<void> {
    const args = { mark, floor, maxEntries: this.settings.timelineMaxEntries };
    const above = ids.filter((id) => id > floor);
    await unavailableAsSuch(bringInPosts(this.redis.client, this.namesOf(reader), args, above));
  }

  /** Finishes a timeline that carries a mark: with these ids, newest first, above that floor, and what landed in it. */
  async finish(reader: string, mark: string, ids: readonly string[], floor: string): Promise<void> {
    const { client, keys } = this.redis;
    const names = { ...this.namesOf(reader), lastReads: keys.lastReads(keys.partitionOf(reader)) };
    const args = { mark, floor, maxEntries: this.settings.timelineMaxEntries, reader };
    await unavailableAsSuch(finishTimeline(client, names, args, ids));
  }

  /** The keys of every script that ends a construction. */
  private namesOf(reader: string): Record<'timeline' | 'newestEntry', string> {
    const { keys } = this.redis;
    return { timeline: keys.timeline(reader), newestEntry: keys.newestEntry(keys.partitionOf(reader)) };
  }
}

/** What every script wants that marks a timeline as under construction. */
export function buildArgs(): { readonly buildMs: number; readonly random: number } {
  return { buildMs: BUILD_MS, random: randomInt(1_000_000) };
}

/** Lets reading go on where Redis takes nothing more. */
function outOfMemory(error: unknown): undefined {
  if (error instanceof Error && error.message.startsWith('OOM')) return undefined;
  throw asFanoutError(error);
}
