import { LRUCache } from 'lru-cache';

import { InvalidOptionError } from '../errors.js';
import type { FanoutSettings } from '../options.js';
import type { Post } from '../posts/post.js';
import type { BodyCache, BodyLook } from '../posts/body-cache.js';
import type { BatchedReads } from '../redis/batched-reads.js';
import type { PartitionedRedis } from '../redis/partitioned.js';
import { checkUserIds } from '../user-id.js';
import { AuthorList, authorLists } from './author-lists.js';
import { decodeCursor, encodeCursor, type PagePosition, START } from './cursor.js';
import { parseFirstEntry } from './first-entry.js';
import { FlooredList } from './floored-list.js';
import type { IdleTimelines } from './idle-timelines.js';
import { NewestFirst } from './newest-first.js';
import { RecentsOfPages } from './recents-of-pages.js';
import type { TimelineBuilder } from './timeline-builder.js';

/** Which part of a timeline to read. */
export interface PageRequest {
  /** Posts on the page, 1 to 100; default 50. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
  /** Only posts newer than this one. */
  readonly since?: string | undefined;
}

/** A page, newest first. It is full unless it is the last, and only after the last is the cursor null. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Readers of whom something is remembered. */
const REMEMBERED_READERS = 50_000;
/** A read is noted when so much of the idle time has passed since the last one that was. */
const NOTED_AFTER = 0.01;
/** So many ids are read at first where only new posts are asked for, of which there are mostly few. */
const FEW_NEW = 15;
/** A later page starts with the last entry of the page before, and that has moved down by what came in since. */
const LATER_PAGE_MARGIN = 8;

/** What one look at a reader's partition shows. */
interface Window {
  readonly timeline: FlooredList;
  /** False where the timeline is not there, or is being built. */
  readonly live: boolean;
  readonly recents: readonly FlooredList[];
  /** Own posts that are still on their way: they are shown already. */
  readonly undelivered: FlooredList;
  readonly bodies: BodyLook;
}

/**
 * Reads timelines: the posts of a reader and of everyone they follow, newest first, each once. From the live timeline
 * and the short lists of large authors as far as these go, below from the authors' own lists; the border does not show.
 */
export class Timelines {
  private readonly recents: RecentsOfPages;
  /** Whose read was noted only just now. */
  private readonly noted: LRUCache<string, true>;

  constructor(
    private readonly redis: PartitionedRedis,
    private readonly reads: BatchedReads,
    private readonly settings: FanoutSettings,
    private readonly bodies: BodyCache,
    private readonly builder: TimelineBuilder,
    private readonly idleTimelines: IdleTimelines,
  ) {
    this.recents = new RecentsOfPages(redis, settings);
    const ttl = 1000 * NOTED_AFTER * settings.timelineIdleSeconds;
    this.noted = new LRUCache({ max: REMEMBERED_READERS, ttl });
  }

  /**
   * A page of a reader's timeline. The own posts show at once, the others' when they are delivered; edits, deletions,
   * follows and unfollows show in every page that is asked for after they were answered.
   *
   * Takes one pipeline of plain commands to the reader's node (more where who the reader's large authors are has changed
   * since this process looked last, or where more is new than a look for new posts expects) as long as the live timeline
   * reaches, and one for each node that holds bodies that are not kept in this process; on a cluster also where bodies
   * are kept, to see whether they still hold.
   *
   * @throws InvalidCursorError, InvalidOptionError, InvalidUserIdError, StorageUnavailableError
   */
  async page(reader: string, request: PageRequest = {}): Promise<Page<Post>> {
    checkUserIds(reader);
    const { limit = 50, since = '' } = request;
    checkLimit(limit);
    const position = decodeCursor(request.cursor);
    const wanted = since !== '' && position === START ? Math.min(limit, FEW_NEW) + 1 : limit + 1;
    const window = await this.window(reader, position, wanted);
    const lists = await this.lists(reader, window, position.below, limit + 1);
    const merge = new NewestFirst(this.redis, lists, { below: position.below, above: since }, (list, below) =>
      this.beneath(reader, list, below, limit + 1),
    );
    const { items, more } = await this.fill(merge, limit, window.bodies);
    const last = items.at(-1);
    if (!more || last === undefined) return { items, nextCursor: null };
    return { items, nextCursor: encodeCursor({ below: last.id, offset: offsetOf(last.id, lists[0]) }) };
  }

  /**
   * A page of an author's own posts, within the length of the author's list.
   *
   * @throws InvalidCursorError, InvalidOptionError, InvalidUserIdError, StorageUnavailableError
   */
  async pageOfAuthor(author: string, request: Omit<PageRequest, 'since'> = {}): Promise<Page<Post>> {
    checkUserIds(author);
    const { limit = 50 } = request;
    checkLimit(limit);
    const { below } = decodeCursor(request.cursor);
    const merge = new NewestFirst(
      this.redis,
      [new AuthorList(author, below, limit + 1)],
      { below, above: '' },
      () => Promise.resolve([]),
    );
    const { items, more } = await this.fill(merge, limit, new Map());
    const last = items.at(-1);
    return { items, nextCursor: more && last ? encodeCursor({ below: last.id, offset: 0 }) : null };
  }

  /** Fetches bodies until the page is full, and one post more to know whether it is the last. */
  private async fill(
    merge: NewestFirst,
    limit: number,
    look: BodyLook,
  ): Promise<{ items: Post[]; more: boolean }> {
    const posts: Post[] = [];
    while (posts.length <= limit) {
      const ids = await merge.take(limit + 1 - posts.length);
      if (ids.length === 0) break;
      const found = await this.bodies.get(ids, look);
      posts.push(...found.filter((post) => post !== undefined && post !== 'deleted'));
    }
    return { items: posts.slice(0, limit), more: posts.length > limit };
  }

  /** The lists of which a page is made, the timeline first where there is one. */
  private async lists(
    reader: string,
    { timeline, live, recents, undelivered }: Window,
    below: string,
    wanted: number,
  ): Promise<(FlooredList | AuthorList)[]> {
    if (live) return [timeline, ...recents, undelivered];
    const built = await this.builder.materialise(reader);
    return built === undefined ? authorLists(this.redis, reader, below, wanted) : [built];
  }

  /** What goes on below the floor of a list: everybody's own lists below a timeline, the author's below a `recent`. */
  private async beneath(
    reader: string,
    list: FlooredList,
    below: string,
    wanted: number,
  ): Promise<AuthorList[]> {
    const { partition, key } = list.location;
    const stem = this.redis.keys.recent(partition);
    return key.startsWith(stem)
      ? [new AuthorList(key.slice(stem.length), below, wanted)]
      : authorLists(this.redis, reader, below, wanted);
  }

  /** Looks at the reader's partition: one pipeline, and more for large authors or lists of theirs that are not kept. */
  private async window(reader: string, position: PagePosition, wanted: number): Promise<Window> {
    const { keys } = this.redis;
    const partition = keys.partitionOf(reader);
    const location = { partition, key: keys.timeline(reader) };
    const timeline = new FlooredList(
      location,
      position === START ? wanted : wanted + LATER_PAGE_MARGIN,
      position.offset,
    );
    const look = this.recents.look(reader, { isFirst: position === START, wanted });
    this.noteRead(reader, partition);
    this.idleTimelines.drop(partition);
    const replies = await this.reads.read({
      partition,
      // First of all: what is no longer on its way by then is in the timeline.
      before: [keys.undelivered(reader)],
      commands: [timeline.command().command, ['LINDEX', keys.timeline(reader), 0]],
      after: [look.key, ...this.bodies.lookKeys],
      last: look.commands.map(({ command }) => command),
    });
    const [own] = replies.before;
    const [entries, first] = replies.commands as [string[], string | null];
    const [change = null, ...changes] = replies.after;
    const bodies = this.bodies.lookOf(changes);
    const undelivered = FlooredList.known(idsIn(own ?? ''), '0');
    const live = first !== null && !first.startsWith('-');
    if (!live) return { timeline, live, recents: [], undelivered, bodies };
    const { floor, construction } = parseFirstEntry(first);
    const recents = await look.lists(construction, change, replies.last);
    if (position !== START && position.below <= floor) {
      return { timeline: FlooredList.known([], floor), live, recents, undelivered, bodies };
    }
    return {
      timeline: await this.timelineFrom(timeline, entries, position),
      live,
      recents,
      undelivered,
      bodies,
    };
  }

  /** Notes in Redis that a timeline is in use, unless that was done just now. */
  private noteRead(reader: string, partition: number): void {
    if (this.noted.has(reader)) return;
    this.noted.set(reader, true);
    const { client, keys } = this.redis;
    const seconds = Math.floor(Date.now() / 1000);
    // A page does not fail for it, as where there is no memory: some later one is noted. Nor is it in the page's pipeline,
    // which a cluster lets be repeated only where nothing was written.
    client.zadd(keys.lastReads(partition), 'GT', seconds, reader).catch(() => undefined);
  }

  /** The part of the timeline that was read; all of it where entries above it have gone meanwhile. */
  private async timelineFrom(
    timeline: FlooredList,
    entries: readonly string[],
    position: PagePosition,
  ): Promise<FlooredList> {
    const newest = entries.at(-1);
    if (timeline.start === 0 || (newest !== undefined && newest >= position.below)) {
      timeline.accept(entries);
      return timeline;
    }
    const whole = new FlooredList(timeline.location, this.settings.timelineMaxEntries);
    const [reply] = (await this.redis.pipeline([whole.command()])) as [string[]];
    whole.accept(reply);
    return whole;
  }
}

/** Where in the timeline the next page is to be looked for. */
function offsetOf(id: string, timeline: FlooredList | AuthorList | undefined): number {
  if (!(timeline instanceof FlooredList)) return 0;
  const passed = timeline.ids.filter((other) => other >= id).length;
  return Math.max(0, timeline.start + passed - 1);
}

/** The ids of a text in which they stand one behind the other, the oldest first; newest first. */
function idsIn(text: string): string[] {
  return (text.match(/\d{19}/g) ?? []).reverse();
}

function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw new InvalidOptionError('limit', 'a whole number from 1 to 100');
  }
}
