import { connectRedis, Fanout, type RedisClient } from '../../src/index.js';
import { Keys } from '../../src/keys.js';
import { BODY_FIELDS } from '../../src/posts/post.js';
import { deliverAll, Fixture } from '../support/fixture.js';

const READS = 300;

describe.each(['standalone', 'cluster'] as const)('bodies that a process keeps, on a %s', (kind) => {
  let fixture: Fixture;
  /** Of the process that reads. */
  let client: RedisClient;
  let writer: Fanout;
  let reader: Fanout;
  beforeAll(async () => {
    fixture = await Fixture[kind]();
    client = connectRedis(fixture.url);
  });
  beforeEach(async () => {
    writer = await fixture.open();
    reader = await Fanout.open({ client, prefix: fixture.prefix });
    for (const author of ['bob', 'cid', 'dan']) await writer.follows.follow('ann', author);
  });
  afterAll(async () => {
    client.disconnect();
    await fixture.stop();
  });

  async function texts(): Promise<string[]> {
    const { items } = await reader.timelines.page('ann');
    return items.map(({ text }) => text);
  }

  async function publish(...authors: string[]): Promise<string[]> {
    const ids: string[] = [];
    for (const author of authors) {
      const { post } = await writer.posts.publish({ author, text: `of ${author}` });
      ids.push(post.id);
    }
    await deliverAll(writer, fixture.client);
    return ids;
  }

  /** Reads until bodies are kept: the first read notes where changes begin. */
  async function warmUp(): Promise<void> {
    for (let i = 0; i < 3; i++) await texts();
  }

  it('are shown without asking for them', async () => {
    const [id = ''] = await publish('bob', 'cid');
    await warmUp();
    // Behind the back of the system, so that it shows from where the text is.
    const keys = new Keys(writer.partitions, fixture.prefix);
    await fixture.client.hset(keys.post(Number(id.slice(13, 16)), id), 'text', 'changed');
    expect(await texts()).toEqual(['of cid', 'of bob']);
  });

  it('show edits and deletions of another process from their answers on', async () => {
    const [first = '', second = '', third = ''] = await publish('bob', 'cid', 'dan');
    await warmUp();
    await writer.posts.edit(second, 'cid', 'edited');
    expect(await texts()).toEqual(['of dan', 'edited', 'of bob']);
    await writer.posts.edit(second, 'cid', 'edited again');
    await writer.posts.delete(first, 'bob');
    expect(await texts()).toEqual(['of dan', 'edited again']);
    await writer.posts.edit(third, 'dan', 'edited, too');
    await writer.posts.delete(second, 'cid');
    expect(await texts()).toEqual(['edited, too']);
    expect((await reader.timelines.pageOfAuthor('dan')).items.map(({ text }) => text)).toEqual([
      'edited, too',
    ]);
  });

  it('never show less than what was answered before the read began', async () => {
    const [id = ''] = await publish('bob');
    await publish('cid', 'dan');
    await warmUp();
    let answered = 0;
    const reading = new AbortController();
    const writing = (async () => {
      for (let n = 1; !reading.signal.aborted; n++) {
        await writer.posts.edit(id, 'bob', String(n));
        answered = n;
      }
    })();
    const behind: string[] = [];
    const read = async (): Promise<void> => {
      for (let i = 0; i < READS; i++) {
        const before = answered;
        const text = (await texts()).at(-1) ?? '';
        if (before > 0 && !(Number(text) >= before)) behind.push(`${text} after ${before}`);
      }
    };
    await Promise.all([read(), read(), read()]);
    reading.abort();
    await writing;
    expect(answered).toBeGreaterThan(10);
    expect(behind).toEqual([]);
  });

  it('are forgotten where more has changed than is remembered', async () => {
    const [first = '', second = ''] = await publish('bob', 'bob');
    await warmUp();
    await writer.posts.edit(first, 'bob', 'edited');
    for (let n = 0; n < 1200; n++) await writer.posts.edit(second, 'bob', String(n));
    expect(await texts()).toEqual(['1199', 'edited']);
  });

  it('are forgotten where Redis has lost its data', async () => {
    const post = { author: 'bob', atMs: Date.now() - 1000 };
    await writer.posts.import({ ...post, text: 'before' });
    await deliverAll(writer, fixture.client);
    await warmUp();
    expect(await texts()).toEqual(['before']);
    const keys = await fixture.allKeys('{*');
    await Promise.all(keys.map(async (key) => fixture.client.del(key)));
    await writer.follows.follow('ann', 'bob');
    await writer.posts.import({ ...post, text: 'after' });
    await deliverAll(writer, fixture.client);
    expect(await texts()).toEqual(['after']);
  });

  it('cannot be changed by those who have read them', async () => {
    await publish('bob');
    await warmUp();
    const { items } = await reader.timelines.page('ann');
    expect(() => Object.assign(items[0] ?? {}, { text: 'mine' })).toThrow(TypeError);
    expect(() => (items[0]?.attachments as string[]).push('mine')).toThrow(TypeError);
  });
});

it('a page is read where Redis takes nothing more, and has never noted a change', async () => {
  const fixture = await Fixture.standalone();
  try {
    const fanout = await fixture.open({ partitions: 1 });
    await fanout.follows.follow('ann', 'bob');
    await fanout.posts.publish({ author: 'bob', text: 'hello' });
    await deliverAll(fanout, fixture.client);
    const { client } = fixture;
    if ('config' in client) await client.config('SET', 'maxmemory', '1');
    for (let i = 0; i < 3; i++) {
      const { items } = await fanout.timelines.page('ann');
      expect(items.map(({ text }) => text)).toEqual(['hello']);
    }
    const keys = new Keys(1, fixture.prefix);
    expect(await client.exists(keys.changed(0))).toBe(0);
    expect(
      await client.hmget(keys.post(0, (await client.lrange(keys.posts('bob'), 0, 0))[0]), ...BODY_FIELDS),
    ).toContain('hello');
  } finally {
    await fixture.stop();
  }
});
