import fc from 'fast-check';

import { InvalidOptionError, InvalidUserIdError } from '../../src/index.js';
import { homePartition } from '../../src/post-id.js';
import { NEVER, none, World } from '../support/audit-world.js';
import { Fixture, wholeTimeline } from '../support/fixture.js';
import { Life, step, users } from '../support/lives.js';

describe.each(['standalone', 'cluster'] as const)('the audit of a running system on a %s', (kind) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture[kind]();
  });
  afterAll(async () => {
    await fixture.stop();
  });

  it('finds nothing wrong with what was never built, or is being built', async () => {
    const world = await World.open(fixture);
    await world.publishAll(2, 'ann');
    expect(await world.check()).toEqual({ ...none, reader: 'bob', state: 'cold', entries: 0, isSound: true });
    await fixture.client.rpush(world.timeline, '-9999999999999000001', NEVER);
    expect(await world.check()).toMatchObject({ state: 'building', isSound: true });
    await world.fanout.audit.repair('bob');
    expect(await fixture.client.llen(world.timeline)).toBe(2);
  });

  it('knows that posts may be on their way, though some have them already', async () => {
    const world = await World.open(fixture);
    await world.read();
    await world.publish('ann');
    await world.publish('bob');
    expect(await world.check()).toMatchObject({ entries: 0, isSound: true });
    const [id = ''] = await world.publishAll(1, 'cid');
    expect(await world.check()).toMatchObject({ entries: 3, isSound: true });
    // As it is when other partitions were served, and this one not yet.
    await fixture.client.lrem(world.timeline, 1, id);
    const body = world.keys.post(homePartition(id), id);
    const account = (await fixture.client.hget(body, 'delivery')) ?? '';
    await fixture.client.hset(body, 'delivery', '1-1');
    expect(await world.check()).toMatchObject({ entries: 2, isSound: true });
    await fixture.client.hset(body, 'delivery', account);
    expect(await world.check()).toMatchObject({ holes: [id], isSound: false });
  });

  it('knows that deleted posts may stay in a list, and that full lists may be a little longer', async () => {
    const world = await World.open(fixture, { timelineMaxEntries: 150, authorMaxPosts: 168 });
    await world.read();
    const ids = await world.publishAll(158, 'ann');
    await world.fanout.posts.delete(ids[2] ?? '', 'ann');
    expect(await world.check()).toMatchObject({ entries: 158, isSound: true });
  });

  it('judges the newest posts alone where a list claims a hundred thousand', async () => {
    const world = await World.open(fixture);
    const { id: oldest } = await world.fanout.posts.import({ author: 'ann', text: 'old', atMs: 1 });
    const [newest = ''] = await world.publishAll(1, 'ann');
    expect(await world.read()).toEqual([newest, oldest]);
    await fixture.client.lrem(world.timeline, 1, oldest);
    await fixture.client.lrem(world.timeline, 1, newest);
    expect(await world.check()).toMatchObject({ holes: [newest, oldest] });
    const manyOfCid = Array.from({ length: 200_000 }, (_, i) =>
      String(10n ** 18n - BigInt(i)).padStart(19, '0'),
    );
    for (let i = 0; i < 20; i++) {
      await fixture.client.lpush(world.keys.posts('cid'), ...manyOfCid.slice(i * 10_000, (i + 1) * 10_000));
    }
    expect(await world.check()).toMatchObject({ holes: [newest] });
  });

  it('finds somebody’s timeline for a sample', async () => {
    const world = await World.open(fixture);
    const readers = ['ann', 'bob', 'cid', 'dan'];
    for (const reader of readers) await world.read(reader);
    expect((await world.fanout.audit.sample(100)).toSorted()).toEqual(readers);
    const some = await world.fanout.audit.sample(2);
    expect(new Set(some).size).toBe(2);
    expect(readers).toEqual(expect.arrayContaining(some));
    await expect(world.fanout.audit.sample(0)).rejects.toBeInstanceOf(InvalidOptionError);
    await expect(world.fanout.audit.check('b o b')).rejects.toBeInstanceOf(InvalidUserIdError);
  });

  it('takes nothing that changes while it looks for damage', async () => {
    const world = await World.open(fixture, { timelineMaxEntries: 20, pushMaxFollowers: 1 });
    await world.fanout.follows.follow('dan', 'ann');
    let isOver = false;
    const audit = async (): Promise<number> => {
      let looks = 0;
      for (; !isOver; looks++) {
        for (const reader of ['bob', 'dan'])
          expect(await world.check(reader)).toMatchObject({ isSound: true });
      }
      return looks;
    };
    const live = async (): Promise<void> => {
      try {
        for (let round = 0; round < 60; round++) {
          const posts = Promise.all([
            world.publishAll(2, 'ann', 'cid', 'bob'),
            world.read(),
            world.read('dan'),
          ]);
          if (round % 4 === 0) await world.fanout.follows.unfollow('bob', 'cid');
          if (round % 4 === 1) await world.fanout.follows.mute('bob', 'ann');
          if (round % 4 === 2) await world.fanout.follows.follow('bob', 'cid');
          if (round % 4 === 3) await world.fanout.follows.unmute('bob', 'ann');
          const [[id = '']] = await posts;
          await world.fanout.posts.delete(id, 'bob');
        }
      } finally {
        isOver = true;
      }
    };
    const [looks] = await Promise.all([audit(), live()]);
    expect(looks).toBeGreaterThan(10);
    expect(await world.check()).toMatchObject({ isSound: true });
  });

  it.each([Infinity, 1, 0])('finds nothing after random lives, pushing to %d at most', async (limit) => {
    const lives = fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 100, size: 'max' }),
      fc.constantFrom(1, 5, 40),
      async (steps, timelineMaxEntries) => {
        const options = { partitions: 3, pushMaxFollowers: limit, timelineMaxEntries, authorMaxPosts: 200 };
        const life = await Life.begin(fixture, options);
        const expectSound = async (): Promise<void> => {
          for (const name of users) {
            expect(await life.fanout.audit.check(name)).toMatchObject({ isSound: true });
          }
        };
        for (const each of steps) {
          await life.perform(each);
          if (each.do === 'read') await expectSound();
        }
        await expectSound();
        await life.settle();
        for (const name of users) await wholeTimeline(life.fanout, name, 7);
        await expectSound();
      },
    );
    await fc.assert(lives, { numRuns: kind === 'cluster' ? 5 : 15, endOnFailure: false });
  });
});
