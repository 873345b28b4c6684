import { Writable } from 'node:stream';

import { cleanUp, Library, ownRedis } from 'test-support';

import { main } from '../src/audit/main.js';

let url: string;
let library: Library;
beforeEach(async () => {
  const redis = await ownRedis();
  url = redis.url;
  library = await Library.open(redis);
});
afterEach(cleanUp);

async function audit(
  argv: readonly string[],
  env: Record<string, string> = { REDIS_URL: url },
): Promise<{ code: number; output: string }> {
  const output: string[] = [];
  const say = (line: string): void => void output.push(line);
  const terminal = { print: say, complain: say, progress: new Writable(), now: () => performance.now() };
  const code = await main(argv, terminal, env);
  return { code, output: output.join('\n') };
}

/** Ann posts, and bob, who follows her, reads. Answers the ids, the newest first, and the key of bob's timeline. */
async function posted(count: number): Promise<{ ids: string[]; timeline: string }> {
  const { fanout, client } = library;
  await fanout.follows.follow('bob', 'ann');
  for (let i = 0; i < count; i++) await fanout.posts.publish({ author: 'ann', text: `post ${i}` });
  await library.deliverAll();
  const { items } = await fanout.timelines.page('bob', { limit: 100 });
  const [timeline = ''] = await client.keys('*:timeline:bob');
  return { ids: items.map(({ id }) => id), timeline };
}

describe('audit', () => {
  it('finds that everything is as it should be', async () => {
    await posted(3);
    const bob = await audit(['--user', 'bob,eve', '--user', 'bob']);
    expect(bob).toEqual({
      code: 0,
      output: '2 timelines (1 live, 1 cold), 3 entries: all as they should be',
    });
    const all = await audit(['--sample', '10']);
    expect(all).toEqual({ code: 0, output: '1 timeline (1 live), 3 entries: all as they should be' });
  });

  it('tells what is damaged, and writes nothing', async () => {
    const { ids, timeline } = await posted(10);
    await library.client.ltrim(timeline, 0, 3);
    await library.client.rpush(timeline, ids[9] ?? '', '1000000000000000000');
    const before = await library.client.lrange(timeline, 0, -1);
    const { code, output } = await audit(['--sample', '5']);
    expect(output.split('\n')).toEqual([
      `bob: 7 holes: ${ids.slice(0, 5).join(', ')}, and 2 more`,
      `bob: 1 double: ${ids[9]}`,
      'bob: 1 stranger: 1000000000000000000',
      'bob: 1 out of order: 1000000000000000000',
      '1 timeline (1 live), 5 entries: 1 damaged',
    ]);
    expect(code).toBe(1);
    expect(await library.client.lrange(timeline, 0, -1)).toEqual(before);
  });

  it('repairs', async () => {
    const { ids, timeline } = await posted(3);
    await library.client.lrem(timeline, 1, ids[1] ?? '');
    const output = `bob: 1 hole: ${ids[1]}\n1 timeline (1 live), 2 entries: 1 damaged, and repaired`;
    expect(await audit(['--user', 'bob', '--repair'])).toEqual({ code: 0, output });
    const { items } = await library.fanout.timelines.page('bob');
    expect(items.map(({ id }) => id)).toEqual(ids);
    expect(await audit(['--user', 'bob'])).toMatchObject({ code: 0 });
  });

  it('says so where there is nothing to look at', async () => {
    expect(await audit(['--sample', '5'])).toEqual({ code: 0, output: 'no timelines are there to look at' });
  });

  it.each([
    [[], 'either --user or --sample'],
    [['--user', 'bob', '--sample', '3'], 'either --user or --sample'],
    [['--sample', '0'], 'a whole number of at least 1'],
    [['--user', 'bob,b o b'], 'not "b o b"'],
    [['--users', 'bob'], '--users'],
    [['bob'], 'bob'],
  ])('explains what is wrong about %j', async (argv, message) => {
    const { code, output } = await audit(argv);
    expect(output).toContain(message);
    expect(code).toBe(2);
  });

  it('explains itself, and wants to know where Redis is', async () => {
    const help = await audit(['--help'], {});
    expect(help.output).toMatch(/^Usage:/);
    expect(help.code).toBe(0);
    expect(await audit(['--user', 'bob'], {})).toMatchObject({ code: 2 });
    const away = await audit(['--user', 'bob'], { REDIS_URL: 'redis://127.0.0.1:1' });
    expect(away.output).toMatch(/^audit: /);
    expect(away.code).toBe(1);
  });
});
