import { type ImportLine } from '../input/line.js';
import { seededRandom } from './random.js';

export interface RandomInputOptions {
  readonly seed: number;
  readonly users?: number;
  readonly follows?: number;
  readonly posts?: number;
  /** The time of the oldest post. */
  readonly startMs?: number;
  /** The longest time from one post to the next; 0 makes them all simultaneous. */
  readonly maxGapMs?: number;
}

/**
 * A small follow graph and a log of posts that are the same for the same seed. Some users are far better known, and far
 * busier, than others, as in real graphs: the n-th user is drawn in proportion to 1/n. Some posts fall into the same
 * millisecond.
 */
export function randomInput(options: RandomInputOptions): ImportLine[] {
  const random = seededRandom(options.seed);
  const users = options.users ?? 30;
  const known = (): number => Math.min(users, Math.floor(users ** random())) || 1;
  const anyone = (): number => 1 + Math.floor(random() * users);
  const lines: ImportLine[] = [];
  for (let i = 0; i < (options.follows ?? 4 * users); i++) {
    const [reader, author] = [anyone(), known()];
    if (reader !== author) lines.push({ follow: [userName(reader), userName(author)] });
  }
  let atMs = options.startMs ?? Date.UTC(2024, 0, 1);
  for (let i = 0; i < (options.posts ?? 10 * users); i++) {
    atMs += Math.floor(random() ** 3 * ((options.maxGapMs ?? 2000) + 1));
    const post = { author: userName(known()), text: `post ${i}`, at: new Date(atMs).toISOString() };
    lines.push({ post });
  }
  return lines;
}

function userName(number: number): string {
  return `user-${number}`;
}
