import type { Post } from 'redis-fanout';
import { type Caller, cleanUp, Library, ownRedis } from 'test-support';

import { importAll, ndjson } from './support/import.js';
import { startService } from './support/system.js';

const AT = '2020-02-29T12:34:56.789Z';
const postLine = (author: string, text: string, at?: string): object => ({ post: { author, text, at } });

describe('POST /import', () => {
  let api: Caller;
  let library: Library;

  beforeAll(async () => {
    const redis = await ownRedis();
    ({ api } = await startService(redis));
    library = await Library.open(redis);
  });

  afterAll(cleanUp);

  const textsOf = async (author: string): Promise<string[]> =>
    ((await api.allPages(`/users/${author}/posts`, 100)) as Post[]).map(({ text }) => text).reverse();

  it('brings in follows and posts, and counts them', async () => {
    const { counts, bad } = await importAll(
      api,
      ndjson(
        { follow: ['ada', 'bob'] },
        { follow: ['cid', 'bob'] },
        postLine('bob', 'x'),
        postLine('bob', 'y', AT),
      ),
    );
    expect(bad).toEqual([]);
    expect(counts).toEqual({ lines: 4, follows: 2, posts: 2, messages: 0, rejected: 0 });
    expect((await api.get('/users/bob')).body).toMatchObject({ posts: 2, followers: 2 });
    expect(await api.page('/users/ada/following')).toMatchObject({ items: ['bob'] });
  });

  it('shows what was imported in the timelines of followers', async () => {
    await library.fanout.timelines.page('late');
    await importAll(api, ndjson({ follow: ['late', 'writer'] }, postLine('writer', 'x', AT)));
    await library.deliverAll();
    expect((await library.fanout.timelines.page('late')).items).toMatchObject([
      { author: 'writer', text: 'x' },
    ]);
  });

  it('gives an imported post its time, and a place by it', async () => {
    const times = ['2021-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z', '2021-01-01T00:00:00.5Z', AT];
    const { bad } = await importAll(api, ndjson(...times.map((at) => postLine('historian', at, at))));
    expect(bad).toEqual([]);
    const { items } = await api.page('/users/historian/posts');
    expect(items).toMatchObject([
      { text: times[2], createdAt: '2021-01-01T00:00:00.500Z', editedAt: null, attachments: [] },
      { text: times[0], createdAt: '2021-01-01T00:00:00.000Z' },
      { text: AT, createdAt: AT },
      { text: times[1], createdAt: '1970-01-01T00:00:00.000Z' },
    ]);
    const ids = (items as Post[]).map(({ id }) => id);
    expect([...ids].sort().reverse()).toEqual(ids);
    expect((await api.get(`/posts/${ids[3] ?? ''}`)).body).toEqual(items[3]);
  });

  it('keeps the order of the lines, with and without times', async () => {
    const texts = Array.from({ length: 1300 }, (_, i) => `line ${i}`);
    const { counts } = await importAll(api, ndjson(...texts.map((text) => postLine('orderly', text))));
    expect(counts).toMatchObject({ lines: 1300, posts: 1300 });
    expect(await textsOf('orderly')).toEqual(texts);
    await importAll(api, ndjson(...texts.slice(0, 900).map((text) => postLine('moment', text, AT))));
    expect(await textsOf('moment')).toEqual(texts.slice(0, 900));
  });

  it('takes the same line of an archive twice for one post, also after an edit or a deletion', async () => {
    const archive = ndjson(postLine('archivist', 'one', AT), postLine('archivist', 'two', AT));
    for (let i = 0; i < 3; i++) expect((await importAll(api, archive)).bad).toEqual([]);
    expect(await textsOf('archivist')).toEqual(['one', 'two']);
    const [two, one] = (await api.page('/users/archivist/posts')).items as Post[];
    await api.sendJson('PATCH', `/posts/${one?.id ?? ''}`, { author: 'archivist', text: 'edited' });
    await api.delete(`/posts/${two?.id ?? ''}?author=archivist`);
    await importAll(api, archive + archive);
    expect(await textsOf('archivist')).toEqual(['edited']);
  });

  it('is another post with another author, text or time', async () => {
    const later = '2020-02-29T12:34:56.790Z';
    const lines = [
      postLine('p', 'x', AT),
      postLine('p', 'y', AT),
      postLine('p', 'x', later),
      postLine('q', 'x', AT),
    ];
    await importAll(api, ndjson(...lines));
    expect(await textsOf('p')).toEqual(['x', 'y', 'x']);
    expect(await textsOf('q')).toEqual(['x']);
  });

  it('tells each bad line by its number, and goes on with the rest', async () => {
    const lines: [unknown, RegExp | undefined][] = [
      [postLine('good', '1'), undefined],
      ['not JSON', /JSON/],
      ['', undefined],
      ['{"post": ', /JSON/],
      ['null', /object/],
      ['[]', /object/],
      ['"follow"', /object/],
      [{}, /follow|post/],
      [{ follow: ['a', 'b'], post: { author: 'a', text: 'x' } }, /either/],
      [{ follow: ['a', 'b'], more: 1 }, /more/],
      [{ unknown: ['a', 'b'] }, /unknown/],
      [{ follow: ['a'] }, /follow/],
      [{ follow: ['a', 'b', 'c'] }, /follow/],
      [{ follow: { reader: 'a', author: 'b' } }, /follow/],
      [{ follow: ['a', 'a'] }, /themselves/],
      [{ follow: ['a b', 'a'] }, /reader/],
      [{ follow: ['a', 7] }, /author/],
      [{ post: [] }, /post/],
      [{ post: { author: 'bad' } }, /text/],
      [{ post: { text: 'x' } }, /author/],
      [{ post: { author: 'bad', text: 'x', attachments: [] } }, /attachments/],
      [postLine('bad', ''), /text/],
      [postLine('bad', 'x'.repeat(10_001)), /text/],
      [postLine('bad', 'a\u0000'), /U\+0000/],
      [postLine('bad', '\ud800'), /surrogate/],
      [{ post: { author: 'bad', text: 'x', at: 1_600_000_000_000 } }, /at /],
      [postLine('bad', 'x', 'yesterday'), /at /],
      [postLine('bad', 'x', '2020-02-30T00:00:00Z'), /at /],
      [postLine('bad', 'x', '2020-01-01T00:00:00+01:00'), /at /],
      [postLine('bad', 'x', '1969-12-31T23:59:59.999Z'), /at /],
      [postLine('bad', 'x', new Date(Date.now() + 3600_000).toISOString()), /future/],
      [postLine('good', '2'), undefined],
    ];
    const { counts, bad } = await importAll(api, ndjson(...lines.map(([line]) => line)));
    const wrong = lines.flatMap(([, error], i) => (error === undefined ? [] : [{ line: i + 1, error }]));
    expect(bad).toEqual(
      wrong.map(({ line, error }) => ({ line, error: expect.stringMatching(error) as unknown })),
    );
    expect(counts).toEqual({
      lines: lines.length,
      follows: 0,
      posts: 2,
      messages: 0,
      rejected: wrong.length,
    });
    expect(await textsOf('good')).toEqual(['1', '2']);
    expect((await api.get('/users/bad')).body).toMatchObject({ posts: 0 });
    expect((await api.get('/users/a')).body).toMatchObject({ followers: 0, following: 0 });
  });

  it('leaves out a line of more than 65,536 bytes, and takes one of just so many', async () => {
    const longest = JSON.stringify(postLine('long', 'x')).padEnd(65_536);
    const { counts, bad } = await importAll(
      api,
      ndjson(longest, `${longest} `, 'y'.repeat(3_000_000), postLine('long', 'last')),
    );
    expect(bad).toEqual([2, 3].map((line) => ({ line, error: expect.stringContaining('65536') as unknown })));
    expect(counts).toMatchObject({ lines: 4, posts: 2, rejected: 2 });
    expect(await textsOf('long')).toEqual(['x', 'last']);
  });

  it('leaves out a line that is not UTF-8', async () => {
    const line = ndjson(postLine('bytes', 'x?'));
    const broken = Buffer.from(line);
    broken[broken.indexOf('?')] = 0xff;
    const { bad } = await importAll(api, Buffer.concat([Buffer.from(line), broken, Buffer.from(line)]));
    expect(bad).toEqual([{ line: 2, error: expect.stringContaining('UTF-8') as unknown }]);
    expect(await textsOf('bytes')).toEqual(['x?', 'x?']);
  });

  it('takes lines that end with CR LF, empty ones, and a last one without an end', async () => {
    const [one, two, three] = ['1', '2', '3'].map((text) => JSON.stringify(postLine('ends', text)));
    const { counts, bad } = await importAll(api, `${one ?? ''}\r\n\r\n\n${two ?? ''}\n${three ?? ''}`);
    expect([counts, bad]).toMatchObject([{ lines: 5, posts: 3, rejected: 0 }, []]);
    expect(await textsOf('ends')).toEqual(['1', '2', '3']);
  });

  it('keeps texts exactly', async () => {
    const text = ' e\u0301\r\n\u2028\u{1f469}\u200d\u{1f680} ';
    await importAll(api, ndjson(postLine('exact', text), postLine('exact', text.repeat(2), AT)));
    expect(await textsOf('exact')).toEqual([text.repeat(2), text]);
  });

  it('counts nothing of nothing', async () => {
    const zeros = { lines: 0, follows: 0, posts: 0, messages: 0, rejected: 0 };
    expect(await importAll(api, '')).toEqual({ counts: zeros, bad: [] });
  });
});
