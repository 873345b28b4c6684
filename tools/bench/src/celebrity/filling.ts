import type { Redis } from 'ioredis';

import { fillAll } from '../fanout/seeding.js';
import { ENTRIES } from './plan.js';
import type { World } from './world.js';

/** How many posts the timelines hold from the beginning, whoever has written them. */
export function oldPosts({ spec: { kinds } }: World): number {
  return kinds * ENTRIES;
}

/**
 * Fills the timelines of all readers with old posts: those of the readers whose pages are read are of many kinds, the others
 * all the same.
 *
 * @param keyOf the timeline of a reader
 * @param make makes a timeline of old posts, which are given by number, the newest first
 */
export async function fillTimelines(
  redis: Redis,
  { readers, spec: { warm, kinds } }: World,
  keyOf: (reader: number) => string,
  make: (key: string, posts: readonly number[]) => Promise<unknown>,
): Promise<void> {
  for (let kind = 0; kind < kinds; kind++) {
    const posts = Array.from({ length: ENTRIES }, (_, i) => (kind + 1) * ENTRIES - 1 - i);
    await fillAll(redis, keys(keyOf, kind, warm, kinds), [async (key) => make(key, posts)]);
    if (kind === 0) await fillAll(redis, keys(keyOf, warm, readers, 1), [async (key) => make(key, posts)]);
  }
}

function* keys(keyOf: (reader: number) => string, from: number, to: number, step: number): Generator<string> {
  for (let reader = from; reader < to; reader += step) yield keyOf(reader);
}
