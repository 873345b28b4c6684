import { type ImportLine } from '../input/line.js';
import { compareTimelines, type Comparison } from './compare.js';
import { randomInput } from './generate.js';
import { buildModel, type ImportModel } from './model.js';
import { pickReaders } from './readers.js';
import { type FetchPage, type ShownPost } from './timeline.js';

/** What a faultless system shows of the model. */
function shownBy(model: ImportModel, reader: string): ShownPost[] {
  return model.timeline(reader).map(({ id, author, text, atMs }) => ({
    id: id.slice(0, 16) + id.slice(-3),
    author,
    text,
    createdAt: new Date(atMs).toISOString(),
  }));
}

function pagesOf(items: (reader: string) => ShownPost[]): FetchPage {
  return (reader, limit, cursor) => {
    const all = items(reader);
    const from = Number(cursor ?? 0);
    const to = Math.min(all.length, from + limit);
    return Promise.resolve({ items: all.slice(from, to), nextCursor: to < all.length ? String(to) : null });
  };
}

const model = buildModel(randomInput({ seed: 7 }));
const readers = pickReaders(model, 12);
const [reader = ''] = readers;

async function compareWith(change: (items: ShownPost[]) => ShownPost[]): Promise<Comparison> {
  const fetchPage = pagesOf((each) =>
    each === reader ? change(shownBy(model, each)) : shownBy(model, each),
  );
  return compareTimelines({ model, readers, fetchPage });
}

function kinds({ differences }: Comparison): string[] {
  return [...new Set(differences.map(({ kind }) => kind))].sort();
}

describe('compareTimelines', () => {
  it('finds nothing wrong with a faultless system', async () => {
    const comparison = await compareWith((items) => items);
    expect(comparison.differences).toEqual([]);
    expect(comparison).toMatchObject({
      readers: 12,
      posts: readers.flatMap((each) => model.timeline(each)).length,
    });
    expect(comparison.pages).toBeGreaterThan(12);
  });

  it.each<[string, (items: ShownPost[]) => ShownPost[], string[]]>([
    ['a hole', (items) => items.toSpliced(5, 1), ['missing']],
    ['an early end', (items) => items.slice(0, -1), ['missing']],
    [
      'a post of a stranger',
      (items) => [{ ...items[0]!, id: '9'.repeat(19), author: 'x' }, ...items],
      ['surplus'],
    ],
    ['another text', (items) => items.with(3, { ...items[3]!, text: 'no' }), ['missing', 'surplus']],
    ['another time', (items) => items.with(3, { ...items[3]!, createdAt: 'no' }), ['missing', 'surplus']],
    ['a repetition', (items) => items.toSpliced(4, 0, items[3]!), ['id', 'twice']],
    ['a wrong order', (items) => items.toSpliced(3, 2, items[4]!, items[3]!), ['id', 'order']],
    ['equal ids', (items) => items.with(3, { ...items[3]!, id: items[2]!.id }), ['id']],
  ])('finds %s', async (_, change, expected) => {
    const comparison = await compareWith(change);
    expect(kinds(comparison)).toEqual(expected);
    expect(new Set(comparison.differences.map((each) => each.reader))).toEqual(new Set([reader]));
  });

  it('finds bad pages', async () => {
    const items = shownBy(model, reader);
    const fetchPage: FetchPage = (_, limit, cursor) =>
      Promise.resolve(
        cursor === null
          ? { items: items.slice(0, limit - 1), nextCursor: 'next' }
          : { items: [], nextCursor: 'next' },
      );
    const { differences } = await compareTimelines({ model, readers: [reader], limits: [5], fetchPage });
    expect(differences.filter(({ kind }) => kind === 'page').map(({ detail }) => detail)).toEqual([
      'page 1 has 4 items of 5, and is not the last',
      'page 2 has 0 items of 5, and is not the last',
      'the cursor of page 2 was given before',
    ]);
  });

  it('tells of a reader whose timeline cannot be read, and goes on', async () => {
    const fetchPage: FetchPage = (each, ...rest) =>
      each === reader
        ? Promise.reject(new Error('no'))
        : pagesOf((name) => shownBy(model, name))(each, ...rest);
    const { differences } = await compareTimelines({ model, readers, fetchPage });
    expect(differences).toEqual([{ reader, kind: 'failed', detail: 'no' }]);
  });

  it('does not ask for posts that an author no longer keeps', async () => {
    const posts = Array.from({ length: 10 }, (_, i): ImportLine => ({
      post: { author: 'a', text: `${i}`, at: new Date(i).toISOString() },
    }));
    const old = buildModel(posts);
    const compareFirst = async (count: number): Promise<string[]> =>
      kinds(
        await compareTimelines({
          model: old,
          readers: ['a'],
          keptPostsPerAuthor: 4,
          fetchPage: pagesOf((name) => shownBy(old, name).slice(0, count)),
        }),
      );
    expect(await compareFirst(10)).toEqual([]);
    expect(await compareFirst(4)).toEqual([]);
    expect(await compareFirst(3)).toEqual(['missing']);
  });
});
