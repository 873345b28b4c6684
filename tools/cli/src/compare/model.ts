import { crc32 } from 'node:zlib';

import { type ImportLine, type ImportPost } from '../input/line.js';

/** A post as the system should show it, and where it stands among all. */
export interface ModelPost {
  readonly author: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** The home partition of the author: it comes after the time in the order of ids. */
  readonly partition: number;
  /** How many posts came before it: the order within the same millisecond and partition. */
  readonly arrival: number;
}

export interface ModelOptions {
  /** The number of partitions of the system. */
  readonly partitions?: number;
  /** Posts later than this are refused by the system, so they are left out. */
  readonly nowMs?: number;
}

const USER = /^[A-Za-z0-9_-]{1,64}$/;
const MAX_TEXT_LENGTH = 10_000;

/**
 * What a plain in-memory system of the same promises holds after the same input: who follows whom, and everybody's
 * posts, newest first. Lines that the system refuses are left out; messages do not show in timelines.
 */
export class TimelineModel {
  private readonly following = new Map<string, Set<string>>();
  private readonly posts = new Map<string, ModelPost[]>();
  private readonly seen = new Set<string>();
  private readonly partitions: number;
  private readonly nowMs: number;
  private sorted = true;

  constructor(options: ModelOptions = {}) {
    this.partitions = options.partitions ?? 8;
    this.nowMs = options.nowMs ?? Date.now();
  }

  /** Everyone who follows somebody or has posted. */
  get users(): string[] {
    return [...new Set([...this.following.keys(), ...this.posts.keys()])];
  }

  /** How many different posts there are. */
  get postCount(): number {
    return this.seen.size;
  }

  /** Whom a reader follows. */
  followees(reader: string): ReadonlySet<string> {
    return this.following.get(reader) ?? new Set();
  }

  /**
   * Takes a line as `POST /import` does.
   *
   * @throws Error at a post without a time: its time is the system's own, so there is nothing to compare
   */
  add(line: ImportLine): void {
    if ('follow' in line) this.addFollow(...line.follow);
    else if ('post' in line) this.addPost(line.post);
  }

  /** The posts of a reader and of everyone that they follow, newest first. */
  timeline(reader: string): ModelPost[] {
    const authors = new Set([reader, ...this.followees(reader)]);
    return [...authors].flatMap((author) => this.postsOf(author)).sort(newestFirst);
  }

  /** An author's posts, newest first. */
  postsOf(author: string): readonly ModelPost[] {
    if (!this.sorted) {
      for (const posts of this.posts.values()) posts.sort(newestFirst);
      this.sorted = true;
    }
    return this.posts.get(author) ?? [];
  }

  private addFollow(reader: string, author: string): void {
    if (!USER.test(reader) || !USER.test(author) || reader === author) return;
    const following = this.following.get(reader);
    if (following === undefined) this.following.set(reader, new Set([author]));
    else following.add(author);
  }

  private addPost({ author, text, at }: ImportPost): void {
    if (at === undefined) throw new Error(`a post of ${author} has no time, so no order to compare`);
    const atMs = Date.parse(at);
    if (!USER.test(author) || !isText(text) || !(atMs <= this.nowMs)) return;
    const key = `${author} ${atMs} ${text}`;
    if (this.seen.has(key)) return;
    const post = {
      author,
      text,
      atMs,
      partition: partitionOf(author, this.partitions),
      arrival: this.seen.size,
    };
    this.seen.add(key);
    this.sorted = false;
    const posts = this.posts.get(author);
    if (posts === undefined) this.posts.set(author, [post]);
    else posts.push(post);
  }
}

/** Builds the model of a whole input. */
export function buildModel(lines: Iterable<ImportLine>, options: ModelOptions = {}): TimelineModel {
  const model = new TimelineModel(options);
  for (const line of lines) model.add(line);
  return model;
}

/** The home partition of a user: CRC-32 of the UTF-8 id, modulo the number of partitions. */
export function partitionOf(user: string, partitions: number): number {
  return crc32(user) % partitions;
}

function newestFirst(a: ModelPost, b: ModelPost): number {
  return b.atMs - a.atMs || b.partition - a.partition || b.arrival - a.arrival;
}

function isText(text: string): boolean {
  const length = Array.from(text).length;
  return length >= 1 && length <= MAX_TEXT_LENGTH && !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}
