import { hashTags, partitionOfUser } from 'redis-fanout';

import { authorName, type Graph, readerName } from './graph.js';
import { setOf } from './seeding.js';

/** Keys of ours, as `docs/architecture.md` has them: a follow for each call would take too long for some million. */
export class Keys {
  private readonly tags: readonly string[];

  constructor(
    private readonly prefix: string,
    private readonly partitions: number,
    /** Names of authors. */
    private readonly nameOf: (author: number) => string = authorName,
  ) {
    this.tags = hashTags(partitions);
  }

  *follows(graph: Graph): Generator<string[]> {
    for (let author = 0; author < graph.authors; author++) {
      const parts: string[][] = this.tags.map(() => []);
      for (const reader of graph.followersOf(author)) {
        parts[this.partitionOf(reader)]?.push(readerName(reader));
      }
      for (const [partition, readers] of parts.entries()) {
        yield* setOf(this.key(partition, 'followers', this.nameOf(author)), readers);
      }
    }
    for (let reader = 0; reader < graph.readers; reader++) {
      yield* setOf(this.following(reader), Array.from(graph.followedBy(reader), this.nameOf));
    }
  }

  *timelines({ readers, isActive }: Graph): Generator<string> {
    for (let reader = 0; reader < readers; reader++) if (isActive(reader)) yield this.timeline(reader);
  }

  timeline(reader: number): string {
    return this.timelineOf(readerName(reader));
  }

  /** Of a reader of this name. */
  timelineOf(reader: string): string {
    return this.key(partitionOfUser(reader, this.partitions), 'timeline', reader);
  }

  following(reader: number): string {
    return this.key(this.partitionOf(reader), 'following', readerName(reader));
  }

  private partitionOf(reader: number): number {
    return partitionOfUser(readerName(reader), this.partitions);
  }

  private key(partition: number, kind: string, user: string): string {
    return `${this.prefix}:{${this.tags[partition] ?? ''}}:${kind}:${user}`;
  }
}

/** Ids are compared as texts, and have 19 digits. */
const OLD_ID = 11n * 10n ** 17n;

/** What a timeline has that was never read: its floor, and ids below those of all posts, and as long as they are, oldest first. */
export function oldEntriesOf(length: number): string[] {
  const [floor = '', ...ids] = Array.from({ length: length + 1 }, (_, i) => String(OLD_ID + BigInt(i)));
  return [firstEntry(floor), ...ids];
}

/** A timeline begins with its floor, and the number of its construction: the time when it was to be finished, and six digits. */
export function firstEntry(floor: string): string {
  return `${floor}-1700000000000000001`;
}
