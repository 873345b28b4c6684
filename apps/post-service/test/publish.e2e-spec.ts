import type { Post } from 'redis-fanout';
import { type Caller, cleanUp, expectInvalid, expectProblem, ownRedis } from 'test-support';

import { publish, startService } from './support/system.js';

const SMILE = '\u{1f600}';

describe('POST /posts', () => {
  let api: Caller;

  beforeAll(async () => {
    ({ api } = await startService(await ownRedis(), { RATE_LIMIT_POSTS_PER_MINUTE: '0' }));
  });

  afterAll(cleanUp);

  const post = async (body: unknown): ReturnType<Caller['sendJson']> => api.sendJson('POST', '/posts', body);

  it('answers 201 with the post, which is there from then on', async () => {
    const before = Date.now();
    const attachments = ['http://example.org/a', 'https://example.org/b?c=d#e'];
    const answer = await post({ author: 'ada', text: 'hello', attachments });
    expect(answer.status).toBe(201);
    const { id, createdAt } = answer.body as Post;
    expect(answer.body).toEqual({ id, author: 'ada', text: 'hello', attachments, createdAt, editedAt: null });
    expect(id).toMatch(/^\d{19}$/);
    expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Date.parse(createdAt)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(createdAt)).toBeLessThanOrEqual(Date.now());
    expect(await api.get(`/posts/${id}`)).toMatchObject({ status: 200, body: answer.body });
    expect(await api.get('/users/ada/posts')).toMatchObject({
      status: 200,
      body: { items: [answer.body], nextCursor: null },
    });
  });

  it('gives ids that sort by time', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 20; i++) ids.push((await publish(api, 'sorter')).id);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(20);
  });

  it('has no attachments where none were sent', async () => {
    expect(await publish(api, 'plain')).toMatchObject({ attachments: [] });
    expect((await post({ author: 'plain', text: 'x', attachments: [] })).body).toMatchObject({
      attachments: [],
    });
  });

  it.each([
    ['blanks around it', '  \t\n text \r\n '],
    ['nothing but a blank', ' '],
    ['combining characters, composed and not', 'e\u0301 \u00e9 \u212b \ufb01'],
    ['emoji of several code points', '\u{1f469}\u200d\u{1f469}\u200d\u{1f467}\u{1f3fd} \u{1f1e9}\u{1f1ea}'],
    ['control and odd characters', '\u0001\u001f\u007f\u2028\u2029\ufeff\ufffd\uffff'],
    ['what looks like markup or escapes', '<b>&amp;</b> \\n \\u0041 "\' %00 ${x} {{x}}'],
    ['ten thousand characters outside the first plane', SMILE.repeat(10_000)],
    ['ten thousand ASCII characters', 'x'.repeat(10_000)],
    ['one character', 'x'],
  ])('keeps a text exactly: %s', async (_, text) => {
    const { id } = await publish(api, 'exact', text);
    expect((await api.get(`/posts/${id}`)).body).toMatchObject({ text });
  });

  it.each([
    ['A'],
    ['0'],
    ['-'],
    ['_'],
    ['x'.repeat(64)],
    ['-9223372036854775808'],
    ['constructor'],
    ['__proto__'],
  ])('takes the user id %s', async (author) => {
    const post = await publish(api, author);
    expect((await api.get(`/users/${author}/posts`)).body).toEqual({ items: [post], nextCursor: null });
  });

  it.each<[string, unknown, string[]]>([
    ['no author', { text: 'x' }, ['author']],
    ['no text', { author: 'a' }, ['text']],
    ['neither', {}, ['author', 'text']],
    ['an unknown field', { author: 'a', text: 'x', extra: 1 }, ['extra']],
    ['a field of every object', { author: 'a', text: 'x', constructor: 1 }, ['constructor']],
    ['an author of the wrong type', { author: 1, text: 'x' }, ['author']],
    ['an author that is null', { author: null, text: 'x' }, ['author']],
    ['an empty author', { author: '', text: 'x' }, ['author']],
    ['an author that is too long', { author: 'a'.repeat(65), text: 'x' }, ['author']],
    ['an author with a blank', { author: 'a b', text: 'x' }, ['author']],
    ['an author with a letter outside ASCII', { author: '\u00e9', text: 'x' }, ['author']],
    ['an author with a line break', { author: 'a\n', text: 'x' }, ['author']],
    ['an author with a colon', { author: 'a:b', text: 'x' }, ['author']],
    ['a text of the wrong type', { author: 'a', text: 1 }, ['text']],
    ['a text in a list', { author: 'a', text: ['x'] }, ['text']],
    ['an empty text', { author: 'a', text: '' }, ['text']],
    ['a text that is too long', { author: 'a', text: 'x'.repeat(10_001) }, ['text']],
    ['a text with too many astral characters', { author: 'a', text: SMILE.repeat(10_001) }, ['text']],
    ['a text with U+0000', { author: 'a', text: 'a\u0000b' }, ['text']],
    ['a text with a lone high surrogate', { author: 'a', text: 'a\ud800' }, ['text']],
    ['a text with a lone low surrogate', { author: 'a', text: '\udc00a' }, ['text']],
    ['attachments that are null', { author: 'a', text: 'x', attachments: null }, ['attachments']],
    ['attachments that are no list', { author: 'a', text: 'x', attachments: 'http://a' }, ['attachments']],
    [
      'attachments with something that is no text',
      { author: 'a', text: 'x', attachments: ['http://a.b', 1, null] },
      ['attachments.1', 'attachments.2'],
    ],
    ['a URL of FTP', { author: 'a', text: 'x', attachments: ['ftp://a.b/c'] }, ['attachments.0']],
    ['a script as URL', { author: 'a', text: 'x', attachments: ['javascript:alert(1)'] }, ['attachments.0']],
    [
      'a relative URL',
      { author: 'a', text: 'x', attachments: ['/a', '//a.b/c'] },
      ['attachments.0', 'attachments.1'],
    ],
    ['a URL with blanks', { author: 'a', text: 'x', attachments: [' http://a.b'] }, ['attachments.0']],
    ['a URL without a host', { author: 'a', text: 'x', attachments: ['http://'] }, ['attachments.0']],
    [
      'too many attachments',
      { author: 'a', text: 'x', attachments: new Array(17).fill('http://a.b/c') },
      ['attachments'],
    ],
  ])('refuses %s', async (_, body, fields) => {
    expectInvalid(await post(body), ...fields);
  });

  it('takes sixteen attachments', async () => {
    const attachments = Array.from({ length: 16 }, (_, i) => `https://example.org/${i}`);
    const answer = await post({ author: 'sixteen', text: 'x', attachments });
    expect(answer).toMatchObject({ status: 201, body: { attachments } });
    expect((await api.get(`/posts/${(answer.body as Post).id}`)).body).toMatchObject({ attachments });
  });

  it.each(['', '{', '{"author":"a","text":"x"', 'author=a', "{'author':'a'}", '[]', 'null', '"text"', '1'])(
    'refuses the body %j',
    async (body) => {
      expectInvalid(await post(body));
    },
  );

  it('refuses a body that is not UTF-8', async () => {
    const body = Buffer.concat([
      Buffer.from('{"author":"a","text":"'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    expectInvalid(
      await api.send('POST', '/posts', { body, headers: { 'content-type': 'application/json' } }),
    );
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', undefined])(
    'refuses a body of the type %s',
    async (type) => {
      const headers = type === undefined ? {} : { 'content-type': type };
      const body = JSON.stringify({ author: 'a', text: 'x' });
      expectProblem(await api.send('POST', '/posts', { body, headers }), 415, 'unsupported-media-type');
    },
  );

  it('takes 65,536 bytes and refuses one more', async () => {
    const body = JSON.stringify({ author: 'large', text: 'x' });
    expect((await post(body.padEnd(65_536))).status).toBe(201);
    expectProblem(await post(body.padEnd(65_537)), 413, 'too-large');
    expectProblem(await post('x'.repeat(5_000_000)), 413, 'too-large');
    expect((await api.get('/users/large')).body).toMatchObject({ posts: 1 });
  });

  it('stores nothing of what it refuses', async () => {
    expectInvalid(await post({ author: 'refused', text: '' }));
    expectInvalid(await post({ author: 'refused', text: 'x', more: true }));
    expect((await api.get('/users/refused')).body).toMatchObject({ posts: 0 });
  });
});
