import fc from 'fast-check';

import { partitionOfUser } from '../../src/index.js';
import { deliverAll, Fixture, wholeTimeline } from '../support/fixture.js';
import { Model, perform, step, users } from '../support/lives.js';

/** Reading sorts what it finds, so the lists themselves are looked at, too: each entry once, and in order. */
async function expectOrderedLists(fixture: Fixture): Promise<void> {
  for (const key of await fixture.allKeys('*:timeline:*')) {
    const entries = await fixture.client.lrange(key, 0, -1);
    expect(entries).toEqual([...new Set(entries)].sort().reverse());
  }
}

describe.each([
  ['standalone', 'pushing all', Infinity, 3],
  ['standalone', 'pulling all', 0, 3],
  ['standalone', 'hybrid', 1, 3],
  ['standalone', 'hybrid, one partition', 1, 1],
  ['cluster', 'hybrid', 1, 12],
] as const)('timelines on a %s, %s', (kind, _, pushMaxFollowers, partitions) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture[kind]();
  });
  afterAll(async () => {
    await fixture.stop();
  });

  it('are what a plain model says, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 100 }),
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom(1, 5, 40),
        async (steps, limit, timelineMaxEntries) => {
          const fanout = await fixture.open({
            partitions,
            pushMaxFollowers,
            timelineMaxEntries,
            authorMaxPosts: 200,
          });
          const model = new Model();
          for (const action of steps) await perform(fanout, fixture, model, action);
          await deliverAll(fanout, fixture.client);
          await expectOrderedLists(fixture);
          for (const name of users) {
            expect(await wholeTimeline(fanout, name, limit)).toEqual(model.timeline(name));
            // Again, now that the timeline is live.
            expect(await wholeTimeline(fanout, name, limit)).toEqual(model.timeline(name));
            const [following, followers] = [model.following(name), model.followers(name)];
            expect((await fanout.follows.following(name)).items.toSorted()).toEqual(following.toSorted());
            expect((await fanout.follows.followers(name)).items.toSorted()).toEqual(followers.toSorted());
            expect(await fanout.follows.counts(name)).toMatchObject({
              following: following.length,
              followers: followers.length,
            });
          }
        },
      ),
      { numRuns: kind === 'cluster' ? 25 : 100, endOnFailure: false },
    );
  });
});

describe('users', () => {
  it('live in different partitions in these tests', () => {
    expect(new Set(users.map((name) => partitionOfUser(name, 3))).size).toBe(3);
  });
});
