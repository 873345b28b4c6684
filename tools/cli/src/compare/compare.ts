import { compareTimeline } from './compare-timeline.js';
import { type ImportModel } from './model.js';
import { type Difference, type FetchPage, readTimeline } from './timeline.js';

/** So many of an author's posts are kept for certain; older ones may show, or not. */
const KEPT_POSTS_PER_AUTHOR = 3200;

export interface CompareOptions {
  readonly model: ImportModel;
  readonly readers: readonly string[];
  readonly fetchPage: FetchPage;
  /** Page sizes, which the readers take in turn. */
  readonly limits?: readonly number[];
  /** How many timelines are read at once. */
  readonly concurrency?: number;
  /** How many of an author's newest posts must show. */
  readonly keptPostsPerAuthor?: number;
  readonly onReader?: (done: number) => void;
}

export interface Comparison {
  readonly readers: number;
  readonly posts: number;
  readonly pages: number;
  /** Everything that differs, a few for each reader. */
  readonly differences: readonly Difference[];
}

/**
 * Pages through the timelines of the readers and compares each, whole, with the model: the same posts in the same order
 * with the same texts and times, none missing, none twice, ids strictly descending, every page but the last one full.
 */
export async function compareTimelines(options: CompareOptions): Promise<Comparison> {
  const limits = options.limits ?? [100, 50, 7];
  const differences: Difference[][] = [];
  let posts = 0;
  let pages = 0;
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < options.readers.length; i = next++) {
      const reader = options.readers[i] ?? '';
      const result = await compareReader(reader, limits[i % limits.length] ?? 50, options);
      differences[i] = result.differences;
      posts += result.posts;
      pages += result.pages;
      options.onReader?.(++done);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency ?? 4 }, work));
  return { readers: options.readers.length, posts, pages, differences: differences.flat() };
}

async function compareReader(
  reader: string,
  limit: number,
  options: CompareOptions,
): Promise<{ posts: number; pages: number; differences: Difference[] }> {
  try {
    const shown = await readTimeline(reader, limit, options.fetchPage);
    const expected = options.model.timeline(reader);
    const kept = options.keptPostsPerAuthor ?? KEPT_POSTS_PER_AUTHOR;
    return {
      posts: shown.items.length,
      pages: shown.pages,
      differences: [...shown.differences, ...compareTimeline(reader, expected, shown.items, kept)],
    };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { posts: 0, pages: 0, differences: [{ reader, kind: 'failed', detail }] };
  }
}
