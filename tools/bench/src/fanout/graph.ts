import { below, seededRandom } from '../shared/random.js';
import { TIMELINE_ENTRIES } from './contestant.js';
import { readFollows } from './recording.js';

/** Who follows whom. Authors follow nobody, so that a timeline is what others have written, with every contestant. */
export interface Graph {
  readonly readers: number;
  readonly authors: number;
  readonly follows: number;
  /** The readers that follow an author, as numbers; each once. */
  readonly followersOf: (author: number) => Int32Array;
  /** The authors that a reader follows. */
  readonly followedBy: (reader: number) => Int32Array;
  /** Whether a reader reads, and so has a timeline from the beginning. */
  readonly isActive: (reader: number) => boolean;
  /** Entries that those timelines have at first, of posts older than all others. */
  readonly oldEntries: number;
}

/** What a graph with a power law is made of. */
export interface PowerLaw {
  readonly kind: 'power-law';
  readonly readers: number;
  readonly authors: number;
  /** Follows in all, about. */
  readonly follows: number;
  readonly seed: number;
  /** Of a hundred readers so many are active; all, unless given. */
  readonly activePercent?: number;
}

/** What a graph is made of in which all authors have the same number of followers. */
interface Even {
  readonly kind: 'even';
  readonly readers: number;
  readonly authors: number;
  readonly audience: number;
  readonly seed: number;
}

/** A graph that was recorded: of readers and authors, who are the same users, those who follow anybody are active. */
interface Recorded {
  readonly kind: 'recorded';
  /** See `readFollows`. */
  readonly file: string;
}

export type GraphSpec = PowerLaw | Even | Recorded;

/** Makes a graph: always the same of the same numbers. */
export function makeGraph(spec: GraphSpec): Graph {
  if (spec.kind === 'recorded') return recorded(spec);
  return spec.kind === 'even' ? even(spec) : powerLaw(spec);
}

/** The audience of an author falls with this power of the author's rank, as in follower graphs of real networks. */
const EXPONENT = 0.75;

/** Names as most systems have them: decimal numbers. */
export function readerName(reader: number): string {
  return String(1_000_000 + reader);
}

export function authorName(author: number): string {
  return String(5_000_000 + author);
}

function powerLaw({ readers, authors, follows, seed, activePercent = 100 }: PowerLaw): Graph {
  const random = seededRandom(seed);
  let weight = 0;
  for (let rank = 1; rank <= authors; rank++) weight += rank ** -EXPONENT;
  const largest = follows / weight;
  const audiences = Array.from({ length: authors }, (_, author) => {
    const size = Math.min(readers, Math.max(1, Math.round(largest * (author + 1) ** -EXPONENT)));
    return audience(size, readers, below(readers, random), step(readers, random));
  });
  const active = Array.from({ length: readers }, () => 100 * random() < activePercent);
  return { ...graphOf(readers, audiences), isActive: (reader) => active[reader] === true };
}

function even({ readers, authors, audience: size, seed }: Even): Graph {
  const random = seededRandom(seed);
  const audiences = Array.from({ length: authors }, () =>
    audience(size, readers, below(readers, random), step(readers, random)),
  );
  return graphOf(readers, audiences);
}

/** Its timelines are all but empty: they hold what is delivered, as far as the recording goes. */
function recorded({ file }: Recorded): Graph {
  const audiences = readFollows(file);
  const graph = graphOf(audiences.length, audiences);
  return { ...graph, isActive: (reader) => graph.followedBy(reader).length > 0, oldEntries: 1 };
}

/** A graph of these audiences. */
export function graphOf(readers: number, audiences: readonly Int32Array[]): Graph {
  const { authors, begins } = transposed(readers, audiences);
  return {
    readers,
    authors: audiences.length,
    follows: authors.length,
    followersOf: (author) => audiences[author] ?? new Int32Array(),
    followedBy: (reader) => authors.subarray(begins[reader], begins[reader + 1]),
    isActive: () => true,
    oldEntries: TIMELINE_ENTRIES,
  };
}

/** Different readers: steps that have no divisor in common with their number meet each once. */
function audience(size: number, readers: number, first: number, stride: number): Int32Array {
  return Int32Array.from({ length: size }, (_, i) => (first + i * stride) % readers);
}

function step(readers: number, random: () => number): number {
  for (;;) {
    const stride = 1 + below(readers, random);
    if (greatestDivisor(stride, readers) === 1) return stride;
  }
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** The authors of each reader, one reader's after the other's; and where each begins. */
function transposed(
  readers: number,
  audiences: readonly Int32Array[],
): { readonly authors: Int32Array; readonly begins: Int32Array } {
  const begins = new Int32Array(readers + 1);
  for (const each of audiences) for (const reader of each) begins[reader + 1] = (begins[reader + 1] ?? 0) + 1;
  for (let reader = 0; reader < readers; reader++) {
    begins[reader + 1] = (begins[reader + 1] ?? 0) + (begins[reader] ?? 0);
  }
  const authors = new Int32Array(begins[readers] ?? 0);
  const next = begins.slice();
  audiences.forEach((each, author) => {
    for (const reader of each) {
      const place = next[reader] ?? 0;
      authors[place] = author;
      next[reader] = place + 1;
    }
  });
  return { authors, begins };
}
