import { ABOVE_ALL_IDS, readBelow } from '../lua/read-below.js';
import { type PartitionedRedis, unavailableAsSuch } from '../redis/partitioned.js';
import type { KnownIds } from './floored-list.js';

/** Fewer than these at once are not worth a look. */
const MIN_CHUNK = 4;
/** Ids of one call at most, to keep it short. A look for the place of an id counts like a few ids. */
const MAX_IDS_OF_CALL = 4000;
const LOOK_UP_IDS = 16;
const MAX_LISTS_OF_CALL = 100;

/** An author's own list, read from some id downwards. It has no floor: it ends where the author's posts do. */
export class AuthorList implements KnownIds {
  readonly ids: string[] = [];
  /** How many ids to get to know next; then twice as many each time, as far as a call goes. */
  chunk: number;
  private isWhole = false;

  constructor(
    readonly author: string,
    /** Only what is below this id is read; `'~'` for all. */
    private readonly below: string,
    chunk: number,
  ) {
    this.chunk = Math.min(chunk, MAX_IDS_OF_CALL);
  }

  get line(): string {
    return this.isWhole ? '' : (this.ids.at(-1) ?? '~');
  }

  /** The id below which to read on. */
  get next(): string {
    return this.ids.at(-1) ?? (this.below === '~' ? ABOVE_ALL_IDS : this.below);
  }

  /** Takes the next ids, of which `chunk` were asked for. */
  accept(ids: readonly string[]): void {
    this.isWhole = ids.length < this.chunk;
    this.ids.push(...ids);
    this.chunk = Math.min(2 * this.chunk, MAX_IDS_OF_CALL);
  }
}

/**
 * The own lists of everyone whose posts a reader's timeline is made of, whom they follow and themselves, below an id.
 */
export async function authorLists(
  redis: PartitionedRedis,
  reader: string,
  below: string,
  wanted: number,
): Promise<AuthorList[]> {
  const [authors] = (await redis.pipeline([
    { partition: redis.keys.partitionOf(reader), command: ['SMEMBERS', redis.keys.following(reader)] },
  ])) as [string[]];
  // Twice the even share: with less most lists would have to be read again.
  const chunk = Math.min(wanted, Math.max(MIN_CHUNK, Math.ceil((2 * wanted) / (authors.length + 1))));
  return [reader, ...authors].map((author) => new AuthorList(author, below, chunk));
}

/** Reads on in authors' lists: those of one partition, and of the same length, in one call. */
export async function readAuthorLists(redis: PartitionedRedis, lists: readonly AuthorList[]): Promise<void> {
  const groups = new Map<string, AuthorList[]>();
  for (const list of lists) {
    const name = `${redis.keys.partitionOf(list.author)} ${list.chunk}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [list]);
    else group.push(list);
  }
  await unavailableAsSuch(Promise.all([...groups.values()].map((group) => readGroup(redis, group))));
}

async function readGroup(redis: PartitionedRedis, lists: readonly AuthorList[]): Promise<void> {
  const chunk = lists[0]?.chunk ?? 0;
  const size = Math.max(1, Math.min(MAX_LISTS_OF_CALL, Math.floor(MAX_IDS_OF_CALL / (chunk + LOOK_UP_IDS))));
  for (let from = 0; from < lists.length; from += size) {
    const part = lists.slice(from, from + size);
    const requests = part.map((list) => ({ key: redis.keys.posts(list.author), below: list.next }));
    const replies = await readBelow(redis.client, chunk, requests);
    part.forEach((list, i) => {
      list.accept(replies[i] ?? []);
    });
  }
}
