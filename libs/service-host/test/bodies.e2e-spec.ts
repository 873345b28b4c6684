import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { type Service } from '../src/index.js';
import { type Knobs, startExample } from './example.app.js';
import { open, problemOf, send, sendJson, until } from './wire.js';

describe('bodies over HTTP', () => {
  let service: Service & { knobs: Knobs };

  beforeAll(async () => {
    service = await startExample();
  });

  afterAll(async () => {
    await service.app.close();
  });

  const post = { author: 'ada', text: 'hi' };

  it('takes a body and keeps its text exactly', async () => {
    const body = { ...post, text: ' é\u0301\u{1F600}\n\uFEFF ', attachments: ['https://a.example/ü?x#y'] };
    const answer = await sendJson(service.url, 'POST', '/posts', body);
    expect(answer.status).toBe(201);
    expect(JSON.parse(answer.text)).toMatchObject(body);
  });

  it('counts code points', async () => {
    expect((await sendJson(service.url, 'POST', '/posts', { ...post, text: '😀'.repeat(10) })).status).toBe(
      201,
    );
    const answer = await sendJson(service.url, 'POST', '/posts', { ...post, text: '😀'.repeat(11) });
    expect(problemOf(answer).errors).toEqual([{ field: 'text', message: 'must have 1 to 10 characters' }]);
  });

  it.each<[string, unknown, string[]]>([
    ['a missing field', { author: 'a' }, ['text']],
    ['two missing fields', {}, ['author', 'text']],
    ['a wrong type', { ...post, text: 5 }, ['text']],
    ['null', { ...post, attachments: null }, ['attachments']],
    ['an unknown field', { ...post, extra: 1 }, ['extra']],
    [
      'a field named like a method of Object',
      { ...post, constructor: 1, toString: 2 },
      ['constructor', 'toString'],
    ],
    ['empty text', { ...post, text: '' }, ['text']],
    ['U+0000', { ...post, text: 'a\u0000' }, ['text']],
    ['a lone surrogate', `{"author":"a","text":"\\ud800"}`, ['text']],
    ['a bad id', { ...post, author: 'a b' }, ['author']],
    ['a bad id with a line end', { ...post, author: 'a\n' }, ['author']],
    [
      'bad elements',
      { ...post, attachments: ['https://a.b', 'ftp://a.b', 3] },
      ['attachments.1', 'attachments.2'],
    ],
    ['too many elements', { ...post, attachments: Array(4).fill('https://a.b') }, ['attachments']],
    ['a nested element', { ...post, attachments: [['https://a.b']] }, ['attachments.0']],
    ['an object for a list', { ...post, attachments: { length: 1, 0: 'https://a.b' } }, ['attachments']],
  ])('refuses %s', async (_name, body, fields) => {
    const problem = problemOf(await sendJson(service.url, 'POST', '/posts', body));
    expect(problem.code).toBe('invalid-request');
    expect(problem.errors?.map(({ field }) => field)).toEqual(fields);
    expect(problem.errors?.every(({ message }) => message !== '')).toBe(true);
  });

  it.each([
    ['malformed JSON', '{"author":'],
    ['an array', '[]'],
    ['a string', '"text"'],
    ['a number', '5'],
    ['null', 'null'],
    ['an empty body', ''],
    ['a prototype', '{"author":"a","text":"b","__proto__":{"x":1}}'],
    ['an escaped prototype', '{"author":"a","text":"b","\\u005f_proto__":{"x":1}}'],
    ['deep nesting', `{"author":"a","text":"b","attachments":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ])('refuses %s', async (_name, body) => {
    expect(problemOf(await sendJson(service.url, 'POST', '/posts', body)).code).toBe('invalid-request');
  });

  it('refuses bytes that are not UTF-8', async () => {
    const body = Buffer.concat([
      Buffer.from('{"author":"a","text":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}'),
    ]);
    const headers = { 'content-type': 'application/json' };
    const answer = await send(service.url, '/posts', { method: 'POST', headers, body });
    expect(problemOf(answer)).toMatchObject({
      code: 'invalid-request',
      detail: 'the body is not valid UTF-8',
    });
  });

  it.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['application/jsonx'],
    ['application/problem+json'],
    ['multipart/form-data; boundary=x'],
    ['nonsense'],
    [undefined],
  ])('refuses a body of type %s', async (type) => {
    const headers = type === undefined ? {} : { 'content-type': type };
    const answer = await send(service.url, '/posts', { method: 'POST', headers, body: JSON.stringify(post) });
    expect(problemOf(answer)).toMatchObject({ code: 'unsupported-media-type', status: 415 });
  });

  it.each([
    ['application/json; charset=utf-8'],
    ['Application/JSON;charset="UTF-8"'],
    ['application/json ;v=1'],
  ])('takes %s', async (type) => {
    const headers = { 'content-type': type };
    const answer = await send(service.url, '/posts', { method: 'POST', headers, body: JSON.stringify(post) });
    expect(answer.status).toBe(201);
  });

  it.each([['application/json'], ['text/plain'], [undefined]])(
    'lets a request without a body be %s',
    async (type) => {
      const headers = { 'content-length': '0', ...(type !== undefined && { 'content-type': type }) };
      const answer = await send(service.url, '/users/a/following/b', { method: 'PUT', headers });
      expect(answer.status).toBe(204);
    },
  );

  it('takes 65,536 bytes and refuses one more', async () => {
    const fill = (size: number): string => {
      const bare = JSON.stringify(post);
      return bare + ' '.repeat(size - bare.length);
    };
    expect((await sendJson(service.url, 'POST', '/posts', fill(65_536))).status).toBe(201);
    const answer = await sendJson(service.url, 'POST', '/posts', fill(65_537));
    expect(problemOf(answer)).toMatchObject({ code: 'too-large', status: 413 });
  });

  it.each([[true], [false]])(
    'answers 413 to a caller that is still sending (chunked: %s)',
    async (chunked) => {
      const size = 8 * 1024 * 1024;
      const headers = {
        'content-type': 'application/json',
        ...(chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(size) }),
      };
      const answer = await send(service.url, '/posts', {
        method: 'POST',
        headers,
        body: Buffer.alloc(size, 32),
      });
      expect(problemOf(answer).code).toBe('too-large');
    },
  );

  it('answers 413 to a caller that reads nothing before all is sent', async () => {
    const size = 8 * 1024 * 1024;
    const socket = await open(service.url);
    const received: Buffer[] = [];
    const failure = new Promise<never>((_resolve, reject) => socket.once('error', reject));
    socket.pause();
    const head = `Host: a\r\nContent-Type: application/json\r\nContent-Length: ${size}`;
    const sent = new Promise((resolve) => {
      socket.write(`POST /posts HTTP/1.1\r\n${head}\r\n\r\n`);
      socket.write(Buffer.alloc(size, 32), resolve);
    });
    await Promise.race([sent, failure]);
    socket.on('data', (chunk: Buffer) => received.push(chunk)).resume();
    await Promise.race([until(() => received.length > 0), failure]);
    expect(Buffer.concat(received).toString()).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });

  it.each<[string, object]>([
    ['', { limit: 50, cursor: null }],
    ['?limit=1', { limit: 1 }],
    ['?limit=100&cursor=abc%20d', { limit: 100, cursor: 'abc d' }],
    ['?unknown=1', { limit: 50 }],
  ])('reads the page %s', async (query, expected) => {
    expect(JSON.parse((await send(service.url, `/users/a/posts${query}`)).text)).toMatchObject(expected);
  });

  it.each([
    ['limit=0'],
    ['limit=101'],
    ['limit='],
    ['limit=1e1'],
    ['limit=+5'],
    ['limit=5.0'],
    ['limit=x'],
    ['cursor='],
  ])('refuses the page ?%s', async (query) => {
    const { errors } = problemOf(await send(service.url, `/users/a/posts?${query}`));
    expect(errors?.map(({ field }) => field)).toEqual([query.split('=')[0]]);
  });

  it.each([
    ['GET', '/posts/123', 'id'],
    ['GET', '/posts/12345678901234567890', 'id'],
    ['GET', '/users/a%20b/posts', 'user'],
    ['GET', `/users/${'u'.repeat(65)}/posts`, 'user'],
    ['GET', '/users/a%2Fb/posts', 'user'],
    ['PUT', '/users/a/following/%00', 'author'],
    ['DELETE', '/posts/1234567890123456789', 'author'],
    ['DELETE', '/posts/1234567890123456789?author=%20', 'author'],
  ])('%s %s names the field %s', async (method, path, field) => {
    const problem = problemOf(await send(service.url, path, { method }));
    expect(problem.code).toBe('invalid-request');
    expect(problem.errors?.map((error) => error.field)).toEqual([field]);
  });

  it.each([['application/x-ndjson'], ['application/json'], ['nonsense'], [undefined]])(
    'streams 10 MB of type %s through a raw route',
    async (type) => {
      const line = `${'x'.repeat(999)}\n`;
      const answer = await new Promise<string>((resolve, reject) => {
        const outgoing = request(`${service.url}/import`, { method: 'POST', agent: false }, (response) => {
          let text = '';
          response
            .on('data', (chunk) => (text += String(chunk)))
            .on('end', () => {
              resolve(text);
            });
        });
        if (type !== undefined) {
          outgoing.setHeader('content-type', type);
        }
        const lines = Readable.from(Array.from({ length: 100 }, () => line.repeat(100)));
        pipeline(lines, outgoing).catch(reject);
      });
      expect(answer.trim().split('\n').at(-1)).toBe('{"lines":10000,"bytes":10000000}');
    },
  );

  it('answers on a raw route while the request is still being sent', async () => {
    const outgoing = request(`${service.url}/import`, { method: 'POST', agent: false });
    outgoing.write('first\n');
    const [response] = await new Promise<[Readable]>((resolve, reject) => {
      outgoing.once('response', (incoming) => {
        resolve([incoming]);
      });
      outgoing.once('error', reject);
    });
    const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    const first = await chunks.next();
    expect(String(first.value)).toBe('{"lines":1}\n');
    outgoing.end('second\n');
    const last = await chunks.next();
    expect(String(last.value)).toBe('{"lines":2,"bytes":13}\n');
    expect((await chunks.next()).done).toBe(true);
  });
});
