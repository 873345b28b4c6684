import { crc32 } from 'node:zlib';

import { type ModelPost as PlainPost, TimelineModel } from 'timeline-model';

import { type ImportLine, type ImportPost } from '../input/line.js';

/** A post as the system should show it. Its id is the model's own, and sorts like the system's. */
export interface ModelPost extends PlainPost {
  /** Milliseconds since 1970. */
  readonly atMs: number;
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
 * What the system should hold after an input: the model of timelines, filled as `POST /import` fills the system. Lines
 * that the system refuses are left out; messages do not show in timelines.
 */
export class ImportModel {
  private readonly model = new TimelineModel<ModelPost>();
  private readonly seen = new Set<string>();
  private readonly partitions: number;
  private readonly nowMs: number;

  constructor(options: ModelOptions = {}) {
    this.partitions = options.partitions ?? 8;
    this.nowMs = options.nowMs ?? Date.now();
  }

  /** Everyone who follows somebody or has posted. */
  get users(): string[] {
    return this.model.users;
  }

  /** How many different posts there are. */
  get postCount(): number {
    return this.seen.size;
  }

  /** Whom a reader follows. */
  followees(reader: string): ReadonlySet<string> {
    return this.model.following(reader);
  }

  /** The posts of a reader and of everyone that they follow, newest first. */
  timeline(reader: string): ModelPost[] {
    return this.model.timeline(reader);
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

  private addFollow(reader: string, author: string): void {
    if (USER.test(reader) && USER.test(author)) this.model.follow(reader, author);
  }

  private addPost({ author, text, at }: ImportPost): void {
    if (at === undefined) throw new Error(`a post of ${author} has no time, so no order to compare`);
    const atMs = Date.parse(at);
    if (!USER.test(author) || !isText(text) || !(atMs <= this.nowMs)) return;
    const key = `${author} ${atMs} ${text}`;
    if (this.seen.has(key)) return;
    const id = idOf(atMs, partitionOf(author, this.partitions), this.seen.size);
    this.seen.add(key);
    this.model.publish({ id, author, text, atMs });
  }
}

/** Builds the model of a whole input. */
export function buildModel(lines: Iterable<ImportLine>, options: ModelOptions = {}): ImportModel {
  const model = new ImportModel(options);
  for (const line of lines) model.add(line);
  return model;
}

/** The home partition of a user: CRC-32 of the UTF-8 id, modulo the number of partitions. */
export function partitionOf(user: string, partitions: number): number {
  return crc32(user) % partitions;
}

/** By time, then by the author's home partition, then by arrival: so posts of the same millisecond are in order, too. */
function idOf(atMs: number, partition: number, arrival: number): string {
  return [
    String(atMs).padStart(13, '0'),
    String(partition).padStart(3, '0'),
    String(arrival).padStart(9, '0'),
  ].join('');
}

function isText(text: string): boolean {
  const length = Array.from(text).length;
  return length >= 1 && length <= MAX_TEXT_LENGTH && !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}
