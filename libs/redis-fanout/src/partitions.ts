import { crc32 } from 'node:zlib';

import calculateSlot from 'cluster-key-slot';

import { InvalidOptionError } from './errors.js';

/** Three digits of a post id name its partition. */
export const MAX_PARTITIONS = 999;
const SLOTS = 16_384;

/**
 * The partition in which a user's timeline, the list of whom they follow, their posts and their share of every
 * author's followers are kept: CRC-32 (the one of zlib) of the UTF-8 id, modulo the number of partitions.
 */
export function partitionOfUser(user: string, partitions: number): number {
  return crc32(user) % partitions;
}

/**
 * The hash tag of each partition. The tag of partition i of P is the smallest non-negative integer whose cluster slot
 * is floor((i + 1/2) * 16384 / P): so the partitions lie evenly over the slots, and over any number of nodes that
 * share the slots in even ranges. (Bare `0`, `1`, … do not: of `{0}` to `{31}` none falls to four of eight nodes.)
 *
 * @throws InvalidOptionError for other than 1 to 999 partitions.
 */
export function hashTags(partitions: number): readonly string[] {
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > MAX_PARTITIONS) {
    throw new InvalidOptionError('partitions', `a whole number from 1 to ${MAX_PARTITIONS}`);
  }
  const wanted = new Map<number, number>();
  for (let i = 0; i < partitions; i++) wanted.set(Math.floor(((i + 0.5) * SLOTS) / partitions), i);
  const tags: string[] = [];
  for (let candidate = 0; wanted.size > 0; candidate++) {
    const slot = calculateSlot(String(candidate));
    const partition = wanted.get(slot);
    if (partition === undefined) continue;
    tags[partition] = String(candidate);
    wanted.delete(slot);
  }
  return tags;
}
