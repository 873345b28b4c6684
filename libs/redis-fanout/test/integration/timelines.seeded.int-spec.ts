import fc from 'fast-check';

import { bringInPostsScript } from '../../src/lua/bring-in-posts.js';
import { deliverPostsScript } from '../../src/lua/deliver-posts.js';
import { finishTimelineScript } from '../../src/lua/finish-timeline.js';
import { followAuthorScript } from '../../src/lua/follow-author.js';
import { unfollowAuthorScript } from '../../src/lua/unfollow-author.js';
import { LargeAuthors, type LargeAuthorsLook } from '../../src/timelines/large-authors.js';
import { Timelines } from '../../src/timelines/timelines.js';
import { Fixture } from '../support/fixture.js';
import { type Harm, whileHarmed } from '../support/harms.js';
import { livesAsTheModel } from '../support/lives.js';

const CUT = "redis.call('LTRIM', key, string.format('%d', -limit - 1), LAST)";
/** The same, but the floor stays. (The mark behind it is put back by what follows.) */
const CUT_ABOVE_FLOOR =
  "redis.call('LTRIM', key, -limit, LAST)\n    redis.call('LPUSH', key, (floorAndMark(first)))";
/** A defect shows within 25 lives on average, the least likely of them; where none of so many does, nothing is wrong. */
const LIVES = 400;
// So long they take at most.
jest.setTimeout(240_000);

const HARMS: readonly (Harm & { readonly name: string; readonly pushMaxFollowers: number })[] = [
  {
    name: 'a floor that is not raised when a timeline is cut',
    script: deliverPostsScript,
    sound: CUT,
    harmed: CUT_ABOVE_FLOOR,
    pushMaxFollowers: Infinity,
  },
  {
    name: 'a floor of a `recent` list that is not raised',
    script: deliverPostsScript,
    sound: CUT,
    harmed: CUT_ABOVE_FLOOR,
    pushMaxFollowers: 0,
  },
  {
    name: 'a follow that brings in no posts',
    script: followAuthorScript,
    sound: 'return markedTimeline(timelineKey, buildMs, random)',
    harmed: "return { 'unchanged' }",
    pushMaxFollowers: 2,
  },
  {
    name: 'posts that a follow brings in one place too far down',
    script: bringInPostsScript,
    sound: 'if not id or (entry and entry <= id) then',
    harmed: 'if not id or (entry and j % 2 == 0) then',
    pushMaxFollowers: 2,
  },
  {
    name: 'posts that a follow brings in below the floor',
    script: bringInPostsScript,
    sound: "redis.call('LSET', timelineKey, '0', floor .. mark)",
    harmed: "redis.call('LSET', timelineKey, '0', '0' .. mark)",
    pushMaxFollowers: 2,
  },
  {
    name: 'a follow after which the newest entry is not known',
    script: bringInPostsScript,
    sound: "redis.call('SET', newestEntryKey, ids[1])",
    harmed: '',
    pushMaxFollowers: Infinity,
  },
  {
    name: 'a late post that is pushed on top',
    script: deliverPostsScript,
    sound: 'if isBelow(newestEntry, id) then',
    harmed: 'if true then',
    pushMaxFollowers: Infinity,
  },
  {
    name: 'an unfollow that leaves the posts where they are',
    script: unfollowAuthorScript,
    sound: 'return openedTimeline(timelineKey, buildMs, random)',
    harmed: "return { 'unchanged' }",
    pushMaxFollowers: 2,
  },
  {
    name: "a post in a kept `recent` list that processes don't hear of",
    script: deliverPostsScript,
    sound: 'noteChange(recentChangedKey, recentChangesKey, author)\n    cutIfLong',
    harmed: 'cutIfLong',
    pushMaxFollowers: 0,
  },
  {
    name: "a new large author that processes don't hear of",
    script: deliverPostsScript,
    sound: "noteChange(recentChangedKey, recentChangesKey, author, 'new', '1')",
    harmed: 'noteChange(recentChangedKey, recentChangesKey, author)',
    pushMaxFollowers: 0,
  },
  {
    name: 'an unfollow after which kept large authors seem to hold',
    script: finishTimelineScript,
    sound: 'merged[#merged] = merged[#merged] .. mark',
    harmed: "merged[#merged] = merged[#merged] .. '-1'",
    pushMaxFollowers: 0,
  },
];

describe('the comparison with the model', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.standalone();
  });
  afterAll(async () => {
    await fixture.stop();
  });

  async function expectCaught(pushMaxFollowers: number): Promise<void> {
    const lives = livesAsTheModel(fixture, { partitions: 3, pushMaxFollowers });
    const { failed } = await fc.check(lives, { numRuns: LIVES, endOnFailure: true });
    expect(failed).toBe(true);
  }

  it.each(HARMS)('catches $name', async (harm) => {
    await whileHarmed(harm, async () => {
      await expectCaught(harm.pushMaxFollowers);
    });
  });

  it('catches a page that ends early', async () => {
    const fill = Reflect.get(Timelines.prototype, 'fill') as Fill;
    // What was left out of a page is not made up for.
    Reflect.set(Timelines.prototype, 'fill', async function (this: Timelines, merge: Merge, limit: number) {
      const ids = await merge.take(limit + 1);
      let given = false;
      const once = { take: async () => Promise.resolve(given ? [] : ((given = true), ids)) };
      return fill.call(this, once, limit);
    });
    try {
      await expectCaught(2);
    } finally {
      Reflect.set(Timelines.prototype, 'fill', fill);
    }
  });

  it('catches large authors that are kept for too long', async () => {
    const look: Look = Reflect.get(LargeAuthors.prototype, 'look');
    Reflect.set(LargeAuthors.prototype, 'look', function (this: LargeAuthors, reader: string) {
      const sound = look.call(this, reader);
      const lists: LargeAuthorsLook['lists'] = async (...told) =>
        sound.kept.length > 0 ? Promise.resolve(sound.kept) : sound.lists(...told);
      return { ...sound, lists };
    });
    try {
      await expectCaught(0);
    } finally {
      Reflect.set(LargeAuthors.prototype, 'look', look);
    }
  });
});

interface Merge {
  take(count: number): Promise<readonly string[]>;
}
type Look = (this: LargeAuthors, reader: string) => LargeAuthorsLook;
type Fill = (this: Timelines, merge: Merge, limit: number) => Promise<unknown>;
