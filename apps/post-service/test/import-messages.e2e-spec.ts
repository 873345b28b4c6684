import { type Caller, cleanUp, Library, ownRedis, until } from 'test-support';

import { importAll, ndjson, RunningImport } from './support/import.js';
import { startService } from './support/system.js';

const line = (from: unknown, to: unknown, text: unknown, more: object = {}): object => ({
  message: { from, to, text, ...more },
});

describe('messages of POST /import', () => {
  let api: Caller;
  let library: Library;

  beforeEach(async () => {
    const redis = await ownRedis();
    ({ api } = await startService(redis));
    library = await Library.open(redis);
  });

  afterEach(cleanUp);

  const textsOf = async (user: string): Promise<string[]> => {
    const { items } = await library.fanout.messages.inbox(user, { limit: 10_000 });
    return items.map(({ text }) => text);
  };

  it('are in the inboxes, among follows and posts, and counted', async () => {
    const { counts, bad } = await importAll(
      api,
      ndjson(
        line('ann', 'bob', ' 1\n'),
        { follow: ['bob', 'ann'] },
        line('cid', 'bob', '2'),
        { post: { author: 'ann', text: 'x' } },
        line('bob', 'bob', '3'),
      ),
    );
    expect(bad).toEqual([]);
    expect(counts).toEqual({ lines: 5, follows: 1, posts: 1, messages: 3, rejected: 0 });
    expect(await textsOf('bob')).toEqual([' 1\n', '2', '3']);
    expect((await library.fanout.messages.inbox('bob')).unread).toEqual({ ann: 1, cid: 1, bob: 1 });
  });

  it('keep the order of the lines, of all senders, and of what two write to each other', async () => {
    const users = ['ann', 'bob', 'cid', 'dan'];
    const lines = Array.from({ length: 1300 }, (_, i) => ({
      from: users[i % 4] ?? '',
      to: users[(i + 1 + (i % 3)) % 4] ?? '',
      text: `line ${i}`,
    }));
    const { counts } = await importAll(api, ndjson(...lines.map((message) => ({ message }))));
    expect(counts).toMatchObject({ lines: 1300, messages: 1300, rejected: 0 });
    for (const user of users) {
      expect(await textsOf(user)).toEqual(lines.filter(({ to }) => to === user).map(({ text }) => text));
    }
  });

  it('are left out where they are bad, blocked, or do not fit, and the rest goes on', async () => {
    await library.fanout.follows.block('bob', 'eve');
    const { message } = await library.fanout.messages.send({ from: 'ann', to: 'full', text: 'x' });
    const [inbox = ''] = await library.client.keys('*:direct:full');
    const pipeline = library.client.pipeline();
    for (let i = 1; i < 10_000; i++) pipeline.rpush(inbox, `${message.id} ann x`);
    await pipeline.exec();
    const lines: [unknown, RegExp | undefined][] = [
      [line('ann', 'bob', 'good 1'), undefined],
      [line('eve', 'bob', 'x'), /blocked/],
      [line('bob', 'eve', 'x'), /blocked/],
      [line('ann', 'full', 'x'), /10000 unread/],
      [line('ann', 'bob', 'good 2'), undefined],
      [{ message: [] }, /message is a JSON object/],
      [{ message: null }, /message is a JSON object/],
      [{ message: { to: 'bob', text: 'x' } }, /from/],
      [{ message: { from: 'ann', text: 'x' } }, /to /],
      [{ message: { from: 'ann', to: 'bob' } }, /text/],
      [line('a b', 'bob', 'x'), /from/],
      [line('ann', 7, 'x'), /to /],
      [line('ann', 'bob', ''), /text/],
      [line('ann', 'bob', 'x'.repeat(10_001)), /text/],
      [line('ann', 'bob', '\ud800'), /surrogate/],
      [line('ann', 'bob', 'x', { at: '2020-01-01T00:00:00Z' }), /unknown field at/],
      [{ ...line('ann', 'bob', 'x'), follow: ['a', 'b'] }, /either/],
      [{ ...line('ann', 'bob', 'x'), post: { author: 'a', text: 'x' } }, /either/],
      [line('ann', 'bob', 'good 3'), undefined],
    ];
    const { counts, bad } = await importAll(api, ndjson(...lines.map(([json]) => json)));
    const wrong = lines.flatMap(([, error], i) => (error === undefined ? [] : [{ line: i + 1, error }]));
    expect(bad).toEqual(
      wrong.map(({ line: at, error }) => ({ line: at, error: expect.stringMatching(error) as unknown })),
    );
    expect(counts).toMatchObject({
      lines: lines.length,
      messages: 3,
      rejected: wrong.length,
      follows: 0,
      posts: 0,
    });
    expect(await textsOf('bob')).toEqual(['good 1', 'good 2', 'good 3']);
    expect(await textsOf('eve')).toEqual([]);
  });

  it('wait where Redis does not serve, and are there once, in order, when it does', async () => {
    const texts = Array.from({ length: 300 }, (_, i) => String(i));
    await library.client.call('CONFIG', 'SET', 'maxmemory', '1');
    const running = new RunningImport(api);
    running.write(ndjson(...texts.slice(0, 200).map((text) => line('ann', 'bob', text))));
    await until(() => running.answers.length > 0, 'the import tells how far it is');
    expect(running.counts).toMatchObject({ messages: 0, rejected: 0 });
    await library.client.call('CONFIG', 'SET', 'maxmemory', '0');
    const answers = await running.end(ndjson(...texts.slice(200).map((text) => line('ann', 'bob', text))));
    expect(answers.at(-1)).toMatchObject({ messages: 300, rejected: 0 });
    expect(await textsOf('bob')).toEqual(texts);
  });
});
