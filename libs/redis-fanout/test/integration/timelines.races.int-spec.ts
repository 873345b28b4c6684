import { Fixture, wholeTimeline } from '../support/fixture.js';
import { raceHidings, raceRewritings } from '../support/races.js';
import { RacesWorld } from '../support/races-world.js';

// Each takes some seconds, and many times as long on a machine with much else to do.
jest.setTimeout(240_000);

/** Of each race; a thousand in all. */
const ROUNDS = { standalone: 300, cluster: 100 };

describe.each([
  ['standalone', Infinity, 8],
  ['standalone', 0, 12],
  ['standalone', 2, 20],
  ['cluster', 2, 5],
] as const)(
  'a change of mind on a %s, pushing up to %p followers',
  (kind, pushMaxFollowers, timelineMaxEntries) => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await Fixture[kind]();
    });
    afterAll(async () => {
      await fixture.stop();
    });

    it('is true of every read that begins after its answer, and who comes back misses nothing', async () => {
      const world = await RacesWorld.open(fixture, { pushMaxFollowers, timelineMaxEntries });
      const rounds = ROUNDS[kind];
      try {
        const run = await Promise.all([
          raceHidings(world, ['unfollow', 'mute', 'block'], rounds),
          raceRewritings(world, ['delete', 'edit'], rounds),
        ]);
        expect(world.breaches).toEqual([]);
        expect(run).toEqual([3 * rounds, rounds]);
        await world.settle();
        await expectAllThere(world);
      } finally {
        await world.close();
      }
    });
  },
);

/** Everyone's timeline is that of the one who never left anybody, in Redis as on the pages. */
async function expectAllThere({ instances, users, stayer, model }: RacesWorld): Promise<void> {
  const [one, other] = instances;
  for (const reader of [stayer, ...users]) {
    expect(await wholeTimeline(one, reader, 100)).toEqual(model.everything);
    expect(await other.audit.check(reader)).toMatchObject({ state: 'live', isSound: true });
  }
}
