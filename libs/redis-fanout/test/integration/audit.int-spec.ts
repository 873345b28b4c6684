import type { TimelineFindings } from '../../src/index.js';
import { NEVER, none, World } from '../support/audit-world.js';
import { Fixture } from '../support/fixture.js';

describe.each(['standalone', 'cluster'] as const)('the audit of damage on a %s', (kind) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture[kind]();
  });
  afterAll(async () => {
    await fixture.stop();
  });

  it.each([
    [
      'an entry is taken out of the middle',
      async ({ fixture: { client }, timeline }: World, ids: string[]) => {
        await client.lrem(timeline, 1, ids[3] ?? '');
        return { ...none, holes: [ids[3]] };
      },
    ],
    [
      'an old id is at the end, too',
      async ({ fixture: { client }, timeline }: World, ids: string[]) => {
        await client.rpush(timeline, ids[5] ?? '');
        return { ...none, doubles: [ids[5]] };
      },
    ],
    [
      'an old id is at the end instead',
      async ({ fixture: { client }, timeline }: World, ids: string[]) => {
        await client.lrem(timeline, 1, ids[5] ?? '');
        await client.rpush(timeline, ids[5] ?? '');
        return { ...none, misplaced: [ids[5]] };
      },
    ],
    [
      'there is a post of somebody who is not followed',
      async (world: World, ids: string[]) => {
        const [strange = ''] = await world.publishAll(1, 'dan');
        await world.fixture.client.linsert(world.timeline, 'AFTER', ids[0] ?? '', strange);
        return { ...none, strangers: [strange] };
      },
    ],
    [
      'there is a post that never was',
      async ({ fixture: { client }, timeline }: World) => {
        await client.linsert(timeline, 'AFTER', (await client.lindex(timeline, 0)) ?? '', NEVER);
        return { ...none, strangers: [NEVER] };
      },
    ],
    [
      'the floor is too high',
      async ({ fixture: { client }, timeline }: World, ids: string[]) => {
        await client.lset(timeline, 0, String(BigInt(ids[6] ?? '') + 1n));
        return { ...none, misplaced: ids.slice(6) };
      },
    ],
    [
      'the floor is nothing that a floor can be',
      async ({ fixture: { client }, timeline }: World) => {
        await client.lset(timeline, 0, 'cellar');
        return { holes: [], strangers: ['cellar'] };
      },
    ],
  ])('finds and repairs that %s', async (_what, harm) => {
    const world = await World.open(fixture);
    const ids = await world.publishAll(3, 'ann', 'cid', 'bob');
    expect(await world.read()).toEqual(ids);
    expect(await world.check()).toEqual({ ...none, reader: 'bob', state: 'live', entries: 9, isSound: true });
    await world.expectRepairOf(await harm(world, ids), ids);
  });

  it('finds and repairs that a floor is too low', async () => {
    const world = await World.open(fixture, { timelineMaxEntries: 4 });
    const ids = await world.publishAll(4, 'ann', 'cid');
    expect(await world.read()).toEqual(ids);
    expect(await world.check()).toMatchObject({ state: 'live', entries: 4, isSound: true });
    await fixture.client.lset(world.timeline, 0, '0');
    // Now the damage shows to readers.
    expect(await world.read()).toEqual(ids.slice(0, 4));
    await world.expectRepairOf({ ...none, holes: ids.slice(4) }, ids);
  });

  it('finds and repairs a muted author in a timeline', async () => {
    const world = await World.open(fixture);
    const ids = await world.publishAll(1, 'ann', 'cid');
    await world.fanout.follows.mute('bob', 'cid');
    expect(await world.read()).toEqual(ids.slice(1));
    await fixture.client.rpush(world.timeline, ids[0] ?? '');
    await world.expectRepairOf({ ...none, strangers: ids.slice(0, 1) }, ids.slice(1));
  });

  describe('of a pulled author', () => {
    let world: World;
    let ids: string[];
    beforeEach(async () => {
      world = await World.open(fixture, { pushMaxFollowers: 0 });
      await world.read();
      ids = await world.publishAll(3, 'ann');
      expect(await fixture.client.lrange(world.recent, 0, -1)).toEqual(['0', ...ids.toReversed()]);
      expect(await world.check()).toMatchObject({ entries: 0, isSound: true });
    });

    it('finds and repairs that an id is missing, for all readers of the partition', async () => {
      const { keys, fanout } = world;
      const alike = Array.from({ length: 20 }, (_, i) => `reader-${i}`).find(
        (name) => keys.partitionOf(name) === keys.partitionOf('bob'),
      );
      const other = alike ?? '';
      await fanout.follows.follow(other, 'ann');
      await world.read(other);
      const [late = ''] = await world.publishAll(1, 'ann');
      await fixture.client.lrem(world.recent, 1, late);
      expect(await world.read(other)).toEqual(ids);
      const holes = [late];
      await world.expectRepairOf({ ...none, holes, recents: [{ ...inRecent(), holes }] }, [late, ...ids]);
      expect(await world.read(other)).toHaveLength(5);
      expect(await world.check(other)).toMatchObject({ state: 'live', isSound: true });
    });

    it('finds and repairs strangers, doubles and misorder', async () => {
      const [strange = ''] = await world.publishAll(1, 'dan');
      await fixture.client.rpush(world.recent, ids[2] ?? '', strange);
      expect((await world.read()).toSorted()).toEqual([...ids, strange].toSorted());
      const recents = [{ ...inRecent(), strangers: [strange], doubles: [ids[2]] }];
      await world.expectRepairOf({ ...none, recents }, ids);
    });

    it('finds and repairs that the list has gone', async () => {
      await fixture.client.del(world.recent);
      expect(await world.read()).toEqual(ids);
      await world.expectRepairOf({ ...none, holes: ids, recents: [{ ...inRecent(), holes: ids }] }, ids);
    });

    it('knows that the list may end, and finds and repairs a floor that is too low', async () => {
      await fixture.client.ltrim(world.recent, -2, -1);
      expect(await world.check()).toMatchObject({ isSound: true });
      await fixture.client.lset(world.recent, 0, '0');
      expect(await world.read()).toEqual(ids.slice(0, 1));
      const holes = ids.slice(1);
      await world.expectRepairOf({ ...none, holes, recents: [{ ...inRecent(), holes }] }, ids);
    });

    function inRecent(): TimelineFindings['recents'][number] {
      return { author: 'ann', holes: [], doubles: [], strangers: [], misplaced: [] };
    }
  });
});
