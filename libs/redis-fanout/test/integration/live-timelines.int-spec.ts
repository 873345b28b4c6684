import { Fanout, openTimelines } from '../../src/index.js';
import { Fixture } from '../support/fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.standalone({ maxmemory: '200mb' });
});
afterAll(async () => {
  await fixture.stop();
});

it('hands a post over once to each reader, though it is delivered again, and then to more of them', async () => {
  const { client } = fixture;
  const timelines = await openTimelines<string>({ client, prefix: 'again', deliver: false });
  const fanout = await Fanout.open({ client, prefix: 'again' });
  const heard: string[] = [];
  for (const reader of ['early', 'late']) {
    await timelines.read(reader);
    await timelines.listen(reader, ({ payload }) => void heard.push(`${reader}: ${payload}`));
  }
  const untilHeard = async (line: string): Promise<void> => {
    while (!heard.includes(line)) await new Promise(setImmediate);
  };
  await timelines.subscribe('early', 'ann');
  const { id } = await timelines.publish('ann', 'hello');
  await fanout.deliverer.deliver([{ kind: 'published', id, author: 'ann' }]);
  await untilHeard('early: hello');
  await timelines.subscribe('late', 'ann');
  await fanout.deliverer.deliver([{ kind: 'published', id, author: 'ann' }]);
  await untilHeard('late: hello');
  const last = await timelines.publish('ann', 'last');
  await fanout.deliverer.deliver([{ kind: 'published', id: last.id, author: 'ann' }]);
  await untilHeard('early: last');
  await untilHeard('late: last');
  expect(heard.toSorted()).toEqual(['early: hello', 'early: last', 'late: hello', 'late: last']);
  await timelines.close();
});

it('calls no handler of a listening that could not begin', async () => {
  const { client } = fixture;
  const timelines = await openTimelines<string>({ client, prefix: 'failed' });
  await timelines.subscribe('bob', 'ann');
  const heard: string[] = [];
  // The feed itself is there; only the reader cannot be noted.
  await (await timelines.listen('other', () => undefined)).close();
  await client.config('SET', 'maxmemory', '1mb');
  await expect(timelines.listen('bob', () => void heard.push('of the first'))).rejects.toMatchObject({
    name: 'StorageUnavailableError',
  });
  await client.config('SET', 'maxmemory', '200mb');
  await timelines.listen('bob', ({ payload }) => void heard.push(payload));
  await timelines.publish('ann', 'hello');
  while (heard.length === 0) await new Promise(setImmediate);
  await timelines.publish('ann', 'last');
  while (!heard.includes('last')) await new Promise(setImmediate);
  expect(heard).toEqual(['hello', 'last']);
  await timelines.close();
});
