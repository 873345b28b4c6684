import type { PartitionCommand } from '../redis/partitioned.js';
import { parseFirstEntry } from './first-entry.js';

/** Sorts behind every digit. */
const ABOVE_ALL = '~';
/** Stands for the floor of a list that is not there; the mark of one under construction begins with it, too. */
const GONE = '-';

/** Where a list lies in Redis. */
export interface ListLocation {
  readonly partition: number;
  readonly key: string;
}

/** A list of ids, newest first, of which more and more is known. */
export interface KnownIds {
  /** What is known, newest first. */
  readonly ids: readonly string[];
  /** Everything from this line on upwards that belongs to the list is known; `''` where that is all. */
  readonly line: string;
}

/**
 * A list that begins with its floor, oldest first: the first entry is no member, but everything above it is in the list.
 *
 * It is read from its end, the newest part first. Each part takes up the oldest entry of the part before, which is not
 * counted as known till then: so a change between two reads that moved entries past the place where reading goes on shows.
 * Then the list is read again from its end.
 */
export class FlooredList implements KnownIds {
  ids: readonly string[] = [];
  /** Set once the whole list is known: its floor, `''` where nothing is below. */
  floor: string | undefined;
  private overlap: string | undefined;
  private chunk: number;

  constructor(
    readonly location: ListLocation,
    /** How many entries to get to know at first; then twice as many each time. */
    firstChunk: number,
    /** How many newest entries to pass over. */
    private first = 0,
  ) {
    this.chunk = firstChunk + 1;
  }

  /** A list that is known already. */
  static known(ids: readonly string[], floor: string): FlooredList {
    const list = new FlooredList({ partition: 0, key: '' }, 0);
    list.ids = ids;
    list.floor = withoutZero(floor);
    return list;
  }

  /** The same, of which more can be read without this one knowing of it. */
  copy(): FlooredList {
    const { location, chunk, first } = this;
    const copy = new FlooredList(location, chunk - 1, first);
    copy.ids = this.ids;
    copy.floor = this.floor;
    copy.overlap = this.overlap;
    return copy;
  }

  /** How many newer entries there are than those known. */
  get start(): number {
    return this.first;
  }

  get line(): string {
    // A mark, or nothing: what the list should hold is in others.
    if (this.floor?.startsWith(GONE)) return ABOVE_ALL;
    // No id lies between a floor and the same text with something behind it.
    if (this.floor !== undefined) return this.floor === '' ? '' : this.floor + ABOVE_ALL;
    return this.ids.at(-1) ?? ABOVE_ALL;
  }

  /** What the list does not hold is below this id: the one after its floor; `'~'` where the floor says nothing. */
  get belowFloor(): string {
    if (this.floor === undefined || !/^\d{19}$/.test(this.floor)) return ABOVE_ALL;
    return String(BigInt(this.floor) + 1n).padStart(19, '0');
  }

  /** Asks for the next entries. */
  command(): PartitionCommand {
    const { partition, key } = this.location;
    const from = this.first + this.ids.length;
    return { partition, command: ['LRANGE', key, -(from + this.chunk), -(from + 1)] };
  }

  /** Takes the answer to `command`. */
  accept(entries: readonly string[]): void {
    const isWhole = entries.length < this.chunk;
    const newestFirst = entries.toReversed();
    const place = this.overlap === undefined ? 0 : newestFirst.indexOf(this.overlap);
    this.chunk *= 2;
    if (place < 0) {
      this.readAgain();
      return;
    }
    const news = newestFirst.slice(place);
    const last = news.pop();
    // A list that has gone tells nothing about what is below.
    if (isWhole) this.floor = withoutZero(parseFirstEntry(last ?? GONE).floor);
    else this.overlap = last;
    this.ids = inOrder(this.ids.length === 0 ? news : [...this.ids, ...news]);
  }

  private readAgain(): void {
    this.chunk += this.first + this.ids.length;
    this.first = 0;
    this.ids = [];
    this.overlap = undefined;
  }
}

/** Ids newest first, each once: also of a list that somebody has damaged. */
function inOrder(ids: string[]): string[] {
  const isInOrder = ids.every((id, i) => i === 0 || id < (ids[i - 1] ?? ''));
  return isInOrder ? ids : [...new Set(ids)].sort().reverse();
}

/** The floor of a list that goes down to the first post of all is `0`. */
function withoutZero(floor: string): string {
  return floor === '0' ? '' : floor;
}
