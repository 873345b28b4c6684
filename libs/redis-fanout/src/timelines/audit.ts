import { randomInt } from 'node:crypto';

import { InvalidOptionError } from '../errors.js';
import { resetRecent } from '../lua/reset-recent.js';
import { type PartitionedRedis, unavailableAsSuch } from '../redis/partitioned.js';
import { masters } from '../redis/suitability.js';
import { checkUserIds } from '../user-id.js';
import { lookAtTimeline } from './audit-look.js';
import { foundTwice, isSoundList, type TimelineFindings } from './findings.js';

export type { ListFindings, RecentFindings, TimelineFindings } from './findings.js';

/** Keys that SCAN looks at in one call. */
const SCAN_COUNT = 1000;

/**
 * Holds the timelines that are kept in Redis to the authors' own lists, while the system runs.
 *
 * A live timeline has, above its floor, every id of the own lists of its reader and of whom the reader follows and has not
 * muted; of an author with too many followers to push to, the author's `recent` list of the partition may have the id
 * instead. What is not judged:
 *
 * - posts whose delivery is not recorded: they are on their way, or were given up as dead letters;
 * - entries of deleted posts: pages leave them out, and whether the deletion has reached a list is noted nowhere;
 * - what has fallen off the end of a full author's list: it may be there, or not.
 *
 * No step holds up the system, so what changes during a look may seem damage. Therefore whatever a look finds is looked at
 * again, with everything read anew, and counts only if it is found then, too: what the first look met half done was finished
 * by then, and for the same id another change would have to be met half done.
 */
export class TimelineAudit {
  constructor(private readonly redis: PartitionedRedis) {}

  /**
   * What is wrong with a reader's timeline. Writes nothing.
   *
   * Costs a few round trips and the ids of the authors' lists above the floor; twice that where something is found.
   *
   * @throws InvalidUserIdError, StorageUnavailableError
   */
  async check(reader: string): Promise<TimelineFindings> {
    checkUserIds(reader);
    const first = await unavailableAsSuch(lookAtTimeline(this.redis, reader));
    if (first.isSound) return first;
    return foundTwice(first, await unavailableAsSuch(lookAtTimeline(this.redis, reader)));
  }

  /**
   * Repairs a reader's timeline where something is wrong with it, and answers what that was. Safe at any time, and when
   * repeated: a damaged timeline is dropped, and the next read builds it from the authors' lists; a damaged `recent` list is
   * emptied, and readers look at the author's own list until it has filled again.
   *
   * @throws InvalidUserIdError, StorageUnavailableError
   */
  async repair(reader: string): Promise<TimelineFindings> {
    const findings = await this.check(reader);
    const { keys, client } = this.redis;
    const partition = keys.partitionOf(reader);
    for (const { author } of findings.recents) {
      const names = {
        recent: keys.recent(partition, author),
        newestEntry: keys.newestEntry(partition),
        recentChanged: keys.recentChanged(partition),
        recentChanges: keys.recentChanges(partition),
      };
      await unavailableAsSuch(resetRecent(client, names, { author }));
    }
    if (!isSoundList(findings)) {
      await this.redis.pipeline([{ partition, command: ['DEL', keys.timeline(reader)] }]);
    }
    return findings;
  }

  /**
   * Readers that have a timeline in Redis, drawn at random, in no order; all of them where there are not so many. Walks
   * through all keys, a thousand a call.
   *
   * @throws InvalidOptionError, StorageUnavailableError
   */
  async sample(count: number): Promise<string[]> {
    if (!Number.isInteger(count) || count < 1) throw new InvalidOptionError('count', 'a whole number from 1');
    const chosen: string[] = [];
    let seen = 0;
    for await (const reader of this.readers()) {
      // Each of the readers seen so far is chosen with the same probability ("reservoir sampling").
      const place = seen < count ? seen : randomInt(seen + 1);
      if (place < count) chosen[place] = reader;
      seen++;
    }
    // While a key moves to another node of a cluster, it may be met at both.
    return [...new Set(chosen)];
  }

  private async *readers(): AsyncGenerator<string> {
    const { keys, client } = this.redis;
    for (const node of await masters(client)) {
      let cursor = '0';
      do {
        const scan = node.scan(cursor, 'MATCH', keys.timelinePattern, 'COUNT', SCAN_COUNT);
        const [next, found] = await unavailableAsSuch(scan);
        for (const key of found) {
          const reader = keys.readerOfTimeline(key);
          if (reader !== undefined) yield reader;
        }
        cursor = next;
      } while (cursor !== '0');
    }
  }
}
