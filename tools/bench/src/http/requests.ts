import { below, type Random, seededRandom } from '../shared/random.js';
import type { HttpRequest } from './http-request.js';
import { SEED } from './plan.js';
import { postText } from './post-text.js';
import type { SeededReader } from './seeding.js';

/** The first page of each reader, in a random order. */
export function pageRequests(readers: readonly SeededReader[]): HttpRequest[] {
  return shuffled(readers, seededRandom(SEED)).map(({ name }) => ({
    method: 'GET',
    path: `/timelines/${name}`,
  }));
}

/** What is newer than the newest post of each reader, in a random order. */
export function refreshRequests(readers: readonly SeededReader[]): HttpRequest[] {
  return shuffled(readers, seededRandom(SEED)).map(({ name, newest: [since = ''] }) => ({
    method: 'GET',
    path: `/timelines/${name}?since=${since}`,
  }));
}

/** A post of each of so many authors. */
export function postRequests(writers: number): HttpRequest[] {
  const random = seededRandom(SEED);
  return Array.from({ length: writers }, (_, i) => ({
    method: 'POST',
    path: '/posts',
    body: JSON.stringify({ author: `writer-${String(i).padStart(6, '0')}`, text: postText(random) }),
  }));
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  // Swapped with the last before it goes, so that none moves up.
  return items.map(() => {
    const place = below(left.length, random);
    const item = left[place] as T;
    left[place] = left.at(-1) as T;
    left.pop();
    return item;
  });
}
