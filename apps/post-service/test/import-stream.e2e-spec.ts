import { type Caller, cleanUp, Library, ownRedis, until } from 'test-support';

import { importAll, ndjson, RunningImport } from './support/import.js';
import { publish, startService } from './support/system.js';

const postLine = (author: string, text: string, at?: string): string =>
  ndjson({ post: { author, text, at } });

describe('an import that takes its time', () => {
  let api: Caller;
  let library: Library;

  beforeAll(async () => {
    const redis = await ownRedis();
    ({ api } = await startService(redis, { MAX_BACKLOG: '1000' }));
    library = await Library.open(redis);
  });

  beforeEach(async () => {
    await library.deliverAll();
  });

  afterAll(cleanUp);

  it('is told of at least every second, before its end is sent', async () => {
    const running = new RunningImport(api);
    running.write(postLine('slow', '1'));
    await until(() => running.counts?.posts === 1, 'the first line is counted');
    running.write(postLine('slow', '2'));
    await until(() => running.counts?.posts === 2, 'the second line is counted');
    await until(() => running.answers.length >= 4, 'the counts are told again');
    await running.end(postLine('slow', '3'));
    expect(running.counts).toEqual({ lines: 3, follows: 0, posts: 3, messages: 0, rejected: 0 });
    const gaps = running.times.slice(1).map((time, i) => time - (running.times[i] ?? 0));
    // A timer is a little late on a busy machine.
    expect(Math.max(...gaps)).toBeLessThan(1500);
  });

  it('is taken line by line, wherever the pieces are cut', async () => {
    const bytes = Buffer.from(postLine('cut', 'é\u{1f600}').repeat(3));
    const running = new RunningImport(api);
    for (const byte of bytes) running.write(Buffer.from([byte]));
    await running.end();
    expect(running.counts).toMatchObject({ lines: 3, posts: 3, rejected: 0 });
    const { items } = await api.page('/users/cut/posts');
    expect(items).toMatchObject(new Array(3).fill({ text: 'é\u{1f600}' }));
  });

  it('tells a bad line while the rest is still to come', async () => {
    const running = new RunningImport(api);
    running.write(`bad\n${postLine('early', '1')}`);
    await until(() => running.answers.some(({ line }) => line === 1), 'the bad line is told');
    await running.end(postLine('early', '2'));
    expect(running.counts).toMatchObject({ lines: 3, posts: 2, rejected: 1 });
  });

  it.each([
    'application/x-ndjson',
    'application/json',
    'text/plain',
    'application/octet-stream',
    'nonsense',
    'multipart/form-data; boundary=x',
    undefined,
  ])('may have the content type %s', async (type) => {
    const running = new RunningImport(api, type === undefined ? {} : { 'content-type': type });
    await running.end(postLine('typed', 'x'));
    expect(running.counts).toMatchObject({ posts: 1, rejected: 0 });
  });

  it('waits while the backlog is full, and loses nothing and no order', async () => {
    const texts = Array.from({ length: 2500 }, (_, i) => String(i));
    const running = new RunningImport(api);
    const ended = running.end(texts.map((text) => postLine('patient', text)).join(''));
    await until(async () => (await library.backlog()) === 1000, 'the backlog is full');
    await until(() => running.counts?.posts === 1000, 'all that has room is counted');
    expect(running.ended).toBe(false);
    await until(async () => {
      await library.deliverAll();
      return running.ended;
    }, 'the rest found room');
    expect((await ended).at(-1)).toEqual({ lines: 2500, follows: 0, posts: 2500, messages: 0, rejected: 0 });
    const posts = (await api.allPages('/users/patient/posts', 100)) as { text: string }[];
    expect(posts.map(({ text }) => text).reverse()).toEqual(texts);
  });

  it('that is abandoned keeps what was taken, and leaves the service well', async () => {
    const running = new RunningImport(api);
    running.write(`${postLine('gone', '1')}${postLine('gone', '2')}{"post": {"author": "gone", "te`);
    await until(() => running.counts?.posts === 2, 'two lines are taken');
    running.abandon();
    await until(async () => {
      const { body } = await api.get('/metrics');
      return /http_request_duration_seconds_count\{[^}]*route="\/import"/.test(String(body));
    }, 'the import has ended');
    expect((await api.get('/users/gone')).body).toMatchObject({ posts: 2 });
    expect((await api.get('/health/ready')).status).toBe(200);
    await publish(api, 'gone');
    expect(await importAll(api, postLine('gone', '4'))).toMatchObject({ counts: { posts: 1 } });
  });

  it('that is abandoned while it waits for room stops waiting', async () => {
    const running = new RunningImport(api);
    running.write(postLine('waiter', 'x').repeat(1500));
    await until(() => running.counts?.posts === 1000, 'the backlog is full');
    running.abandon();
    await until(
      async () => /import\b.*status="200"/.test(String((await api.get('/metrics')).body)),
      'it ended',
    );
    await library.deliverAll();
    expect((await api.get('/users/waiter')).body).toMatchObject({ posts: 1000 });
    await publish(api, 'waiter');
  });

  it('may be one of several at the same time', async () => {
    const imports = Array.from({ length: 8 }, (_, i) =>
      importAll(
        api,
        postLine(`crowd-${i}`, 'x', '2020-01-01T00:00:00Z').repeat(50) + postLine(`crowd-${i}`, 'y'),
      ),
    );
    for (const { counts } of await Promise.all(imports))
      expect(counts).toMatchObject({ lines: 51, rejected: 0 });
    for (let i = 0; i < 8; i++) {
      expect((await api.get(`/users/crowd-${i}`)).body).toMatchObject({ posts: 2 });
    }
  });
});
