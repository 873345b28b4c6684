import { randomInt } from 'node:crypto';

import { beginTimeline } from '../lua/begin-timeline.js';
import { finishTimeline } from '../lua/finish-timeline.js';
import { BUILD_MS, type FanoutSettings } from '../options.js';
import { asFanoutError, type PartitionedRedis, unavailableAsSuch } from '../redis/partitioned.js';
import { authorLists } from './author-lists.js';
import { FlooredList } from './floored-list.js';
import { NewestFirst } from './newest-first.js';

/**
 * Builds timelines. One under construction carries a mark; deliveries land in it, but whoever reads it looks at the
 * authors' lists instead. Only who holds the mark finishes it, so a follow, an unfollow or another builder in between
 * makes the construction void, never wrong.
 */
export class TimelineBuilder {
  constructor(
    private readonly redis: PartitionedRedis,
    private readonly settings: FanoutSettings,
  ) {}

  /**
   * Builds a reader's timeline from the authors' lists. Answers what it is made of, whether or not it could be kept;
   * undefined where another builds it, or where there is no memory for it.
   */
  async materialise(reader: string): Promise<FlooredList | undefined> {
    const { keys, client } = this.redis;
    const begun = await beginTimeline(client, { timeline: keys.timeline(reader) }, buildArgs()).catch(
      outOfMemory,
    );
    if (begun?.outcome !== 'begun') return undefined;
    // One more than it holds: that one is the floor.
    const wanted = this.settings.timelineMaxEntries + 1;
    const lists = await authorLists(this.redis, reader, '~', wanted);
    const merge = new NewestFirst(this.redis, lists, { below: '~', above: '' }, () => Promise.resolve([]));
    const ids = await merge.take(wanted);
    const floor = ids[wanted - 1] ?? '0';
    const kept = ids.slice(0, wanted - 1);
    await this.finish(reader, begun.mark, kept, floor);
    return FlooredList.known(kept, floor);
  }

  /** Finishes a timeline that carries a mark: with these ids, newest first, above that floor, and what landed in it. */
  async finish(reader: string, mark: string, ids: readonly string[], floor: string): Promise<void> {
    const { keys, client } = this.redis;
    const names = {
      timeline: keys.timeline(reader),
      newestEntry: keys.newestEntry(keys.partitionOf(reader)),
    };
    const { timelineMaxEntries: maxEntries, timelineIdleSeconds: idleSeconds } = this.settings;
    await unavailableAsSuch(finishTimeline(client, names, { mark, floor, maxEntries, idleSeconds }, ids));
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
