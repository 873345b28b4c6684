import { homePartition, isPostId } from '../post-id.js';
import { isDelivered } from '../posts/delivery-account.js';
import type { PartitionedRedis } from '../redis/partitioned.js';
import { AuthorList, readAuthorLists } from './author-lists.js';
import { disorderOf } from './disorder.js';
import { type ListFindings, type TimelineFindings, timelineFindings } from './findings.js';
import { parseFirstEntry } from './first-entry.js';

/** Ids of each author that are read at first; then twice as many each time. */
const FIRST_CHUNK = 16;
/** A list whose floor is far too low claims everything: of more ids than this only the newest are judged. */
const MAX_IDS = 100_000;

/** A list as it is in Redis. */
interface StoredList {
  readonly ids: readonly string[];
  /** Everything that belongs to the list and is above this is in it: `'0'`, an id, or whatever else stands there. */
  readonly floor: string;
}

/** A reader's partition at a look. */
interface ReaderLists {
  readonly timeline: StoredList;
  readonly authors: ReadonlySet<string>;
  /** By author. */
  readonly recents: ReadonlyMap<string, StoredList>;
}

/** The authors' own lists, as far down as the timeline goes. */
interface OwnLists {
  readonly authorOf: ReadonlyMap<string, string>;
  /** Below this they are not known. */
  readonly line: string;
}

/** What is known of a post that needs a closer look. */
interface PostState {
  readonly author: string | null;
  /** Whether it has reached everyone; not so where it is given up. */
  readonly isDelivered: boolean;
}

/** Looks at a reader's timeline once. What changes meanwhile may seem damage: see `TimelineAudit`. */
export async function lookAtTimeline(redis: PartitionedRedis, reader: string): Promise<TimelineFindings> {
  const lists = await readerLists(redis, reader);
  const { ids, floor } = lists.timeline;
  const of = { reader, entries: ids.length };
  if (floor === '') return timelineFindings({ ...of, state: 'cold' });
  if (floor.startsWith('-')) return timelineFindings({ ...of, state: 'building' });
  const own = await ownLists(redis, lists);
  const missing = missingIds(lists, own);
  const posts = await postStates(redis, [...missing, ...unlisted(lists, own)]);
  const authorOf = (id: string): string | null => own.authorOf.get(id) ?? posts.get(id)?.author ?? null;
  const holes = missing.filter((id) => posts.get(id)?.isDelivered);
  const timeline = listFindings(lists.timeline, holes, (id) => lists.authors.has(authorOf(id) ?? ''));
  const recents = [...lists.recents].map(([author, list]) => ({
    author,
    ...listFindings(
      list,
      holes.filter((id) => authorOf(id) === author),
      (id) => authorOf(id) === author,
    ),
  }));
  return timelineFindings({ ...of, state: 'live' }, timeline, recents);
}

async function readerLists(redis: PartitionedRedis, reader: string): Promise<ReaderLists> {
  const { keys } = redis;
  const partition = keys.partitionOf(reader);
  const [entries, following, pulled] = (await redis.pipeline([
    { partition, command: ['LRANGE', keys.timeline(reader), 0, -1] },
    { partition, command: ['SMEMBERS', keys.following(reader)] },
    { partition, command: ['SINTER', keys.following(reader), keys.pulled(partition)] },
  ])) as [string[], string[], string[]];
  const recents = (await redis.pipeline(
    pulled.map((author) => ({ partition, command: ['LRANGE', keys.recent(partition, author), 0, -1] })),
  )) as string[][];
  return {
    timeline: storedList(entries),
    authors: new Set([reader, ...following]),
    recents: new Map(pulled.map((author, i) => [author, storedList(recents[i] ?? [])])),
  };
}

function storedList(entries: readonly string[]): StoredList {
  return { ids: entries.slice(1).reverse(), floor: parseFirstEntry(entries[0] ?? '').floor };
}

/** Down to where pages go by the authors' own lists anyway: nothing can be missing there. */
function endOf({ timeline, recents }: ReaderLists, author: string): string {
  // A list that has gone covers nothing: pages do without, but the next delivery begins one that looks complete.
  const { floor } = recents.get(author) ?? { floor: '' };
  return floor > timeline.floor ? floor : timeline.floor;
}

async function ownLists(redis: PartitionedRedis, lists: ReaderLists): Promise<OwnLists> {
  const own = [...lists.authors].map((author) => new AuthorList(author, '~', FIRST_CHUNK));
  const isShort = (list: AuthorList): boolean => list.line > endOf(lists, list.author);
  let short = own.filter(isShort);
  for (let known = 0; short.length > 0 && known < MAX_IDS; short = short.filter(isShort)) {
    await readAuthorLists(redis, short);
    known = own.reduce((sum, { ids }) => sum + ids.length, 0);
  }
  return {
    authorOf: new Map(own.flatMap(({ author, ids }) => ids.map((id) => [id, author] as const))),
    line: short.reduce((highest, { line }) => (line > highest ? line : highest), ''),
  };
}

/** What the authors' lists have, and neither the timeline nor a `recent` list; the newest first. */
function missingIds(lists: ReaderLists, { authorOf, line }: OwnLists): string[] {
  const there = new Set([lists.timeline, ...lists.recents.values()].flatMap(({ ids }) => ids));
  return [...authorOf]
    .filter(([id, author]) => id > endOf(lists, author) && id >= line && !there.has(id))
    .map(([id]) => id)
    .sort()
    .reverse();
}

/** Entries that were met in no author's list: deleted, off the end of a full list, or strangers. */
function unlisted({ timeline, recents }: ReaderLists, { authorOf }: OwnLists): string[] {
  return [timeline, ...recents.values()].flatMap(({ ids }) => ids.filter((id) => !authorOf.has(id)));
}

async function postStates(
  redis: PartitionedRedis,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PostState>> {
  const { keys } = redis;
  const known = [...new Set(ids)].filter((id) => isPostId(id) && homePartition(id) < keys.partitions);
  const replies = (await redis.pipeline(
    known.map((id) => ({
      partition: homePartition(id),
      command: ['HMGET', keys.post(homePartition(id), id), 'author', 'delivery'],
    })),
  )) as (string | null)[][];
  return new Map(known.map((id, i) => [id, postState(replies[i] ?? [])]));
}

function postState([author = null, delivery]: readonly (string | null)[]): PostState {
  return { author, isDelivered: author !== null && isDelivered(delivery) };
}

function listFindings(
  { ids, floor }: StoredList,
  holes: readonly string[],
  belongs: (id: string) => boolean,
): ListFindings {
  const strangers = [...new Set(ids)].filter((id) => !belongs(id));
  const isFloor = floor === '' || floor === '0' || isPostId(floor);
  return { holes, strangers: isFloor ? strangers : [...strangers, floor], ...disorderOf(ids, floor) };
}
