import { connectRedis, StorageUnavailableError } from '../../src/index.js';
import { Keys } from '../../src/keys.js';
import { BatchedReads, type Reading } from '../../src/redis/batched-reads.js';
import { PartitionedRedis } from '../../src/redis/partitioned.js';
import { Fixture } from '../support/fixture.js';

const PARTITIONS = 8;

describe.each(['standalone', 'cluster'] as const)('batched reads (%s)', (kind) => {
  let fixture: Fixture;
  let reads: BatchedReads;
  let keys: Keys;

  beforeAll(async () => {
    fixture = await Fixture[kind]();
  });
  afterAll(async () => fixture.stop());
  beforeEach(async () => {
    keys = new Keys(PARTITIONS, `reads-${Math.random()}`);
    const redis = new PartitionedRedis(fixture.client, keys);
    reads = new BatchedReads(redis);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      await fixture.client.set(keys.recentChanged(partition), `change of ${partition}`);
      await fixture.client.rpush(keys.pulled(partition), 'a', 'b', `of ${partition}`);
    }
  });

  function reading(partition: number, more: Partial<Reading> = {}): Reading {
    return {
      partition,
      commands: [['LINDEX', keys.pulled(partition), -1]],
      after: [keys.recentChanged(partition)],
      ...more,
    };
  }

  it('give each caller its own replies, in the order of its commands', async () => {
    const replies = await Promise.all([
      reads.read(reading(1, { last: [['LLEN', keys.pulled(1)]] })),
      reads.read(reading(2, { before: [keys.lastId(2)], commands: [] })),
      reads.read(
        reading(1, {
          before: [keys.recentChanged(1)],
          commands: [
            ['LRANGE', keys.pulled(1), 0, 0],
            ['LLEN', keys.recentChanges(1)],
          ],
        }),
      ),
      reads.read(
        reading(3, {
          after: [keys.recentChanged(3), keys.online(3), keys.recentChanged(3)],
          last: [['LLEN', keys.recentChanges(3)]],
        }),
      ),
    ]);
    expect(replies).toEqual([
      { before: [], commands: ['of 1'], after: ['change of 1'], last: [3] },
      { before: [null], commands: [], after: ['change of 2'], last: [] },
      { before: ['change of 1'], commands: [['a'], 0], after: ['change of 1'], last: [] },
      { before: [], commands: ['of 3'], after: ['change of 3', null, 'change of 3'], last: [0] },
    ]);
  });

  it('need no texts', async () => {
    expect(await reads.read(reading(1, { after: [] }))).toEqual({
      before: [],
      commands: ['of 1'],
      after: [],
      last: [],
    });
  });

  it('are as many as are asked for', async () => {
    const partitions = Array.from({ length: 1000 }, (_, i) => i % PARTITIONS);
    const replies = await Promise.all(partitions.map((partition) => reads.read(reading(partition))));
    expect(replies).toEqual(
      partitions.map((partition) => ({
        before: [],
        commands: [`of ${partition}`],
        after: [`change of ${partition}`],
        last: [],
      })),
    );
  });

  it('are sent in their order', async () => {
    const key = keys.recentChanged(1);
    const set = (text: string) => ['SET', key, text] as const;
    const { before, after } = await reads.read(
      reading(1, { before: [key], commands: [set('second')], after: [key], last: [set('third')] }),
    );
    expect([...before, ...after, await fixture.client.get(key)]).toEqual(['change of 1', 'second', 'third']);
  });

  it.each(['commands', 'last'] as const)('that Redis refuses fail alone (%s)', async (part) => {
    const refused = reading(1, { [part]: [['LLEN', keys.recentChanged(1)]] });
    const outcomes = await Promise.allSettled(
      [reading(1), refused, reading(1), reading(2)].map(async (one) => reads.read(one)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({
      reason: { message: expect.stringContaining('WRONGTYPE') as string },
    });
  });

  it('fail all where Redis is away', async () => {
    const client = connectRedis(fixture.url);
    await client.ping();
    client.disconnect();
    const away = new BatchedReads(new PartitionedRedis(client, keys));
    const outcomes = await Promise.allSettled(
      [1, 1, 2].map(async (partition) => away.read(reading(partition))),
    );
    expect(outcomes).toEqual(
      [1, 1, 2].map(() => ({ status: 'rejected', reason: expect.any(StorageUnavailableError) as Error })),
    );
  });
});
