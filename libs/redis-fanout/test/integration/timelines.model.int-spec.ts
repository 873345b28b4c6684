import fc from 'fast-check';

import { partitionOfUser } from '../../src/index.js';
import { Fixture } from '../support/fixture.js';
import { livesAsTheModel, users } from '../support/lives.js';

/** How many random lives in all; more of them where there is time: `TIMELINE_LIVES=10000`. */
const LIVES = Number(process.env.TIMELINE_LIVES ?? 500);

describe.each([
  ['standalone', 'pushing all', Infinity, 3, 0.2],
  ['standalone', 'pulling all', 0, 3, 0.2],
  ['standalone', 'hybrid', 2, 3, 0.4],
  ['standalone', 'hybrid, one partition', 2, 1, 0.15],
  ['cluster', 'hybrid', 1, 12, 0.05],
] as const)('timelines on a %s, %s', (kind, _, pushMaxFollowers, partitions, share) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture[kind]();
  });
  afterAll(async () => {
    await fixture.stop();
  });

  it(
    'are what a plain model says, whatever happens',
    async () => {
      const lives = livesAsTheModel(fixture, { partitions, pushMaxFollowers });
      await fc.assert(lives, { numRuns: Math.ceil(LIVES * share), endOnFailure: false });
    },
    60_000 + LIVES * 500,
  );
});

describe('users', () => {
  it('live in different partitions in these tests', () => {
    expect(new Set(users.map((name) => partitionOfUser(name, 3))).size).toBe(3);
  });
});
