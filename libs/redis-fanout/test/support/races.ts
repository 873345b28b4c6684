import { randomInt } from 'node:crypto';

import { BlockedError, type Fanout } from '../../src/index.js';
import { type RacingPost, textOf } from './races-model.js';
import type { RacesWorld } from './races-world.js';

/** How an author is hidden from a reader, and shown again. */
const HIDINGS = {
  unfollow: {
    hide: async ({ follows }: Fanout, reader: string, author: string) => follows.unfollow(reader, author),
    show: async ({ follows }: Fanout, reader: string, author: string) => follows.follow(reader, author),
  },
  mute: {
    hide: async ({ follows }: Fanout, reader: string, author: string) => follows.mute(reader, author),
    show: async ({ follows }: Fanout, reader: string, author: string) => follows.unmute(reader, author),
  },
  block: {
    hide: async ({ follows }: Fanout, reader: string, author: string) => follows.block(reader, author),
    show: async ({ follows }: Fanout, reader: string, author: string) => {
      await follows.unblock(reader, author);
      await Promise.all([follows.follow(reader, author), follows.follow(author, reader)]);
    },
  },
};

/** How a post is changed for everyone. */
const REWRITINGS = {
  delete: async ({ posts }: Fanout, post: RacingPost, now: () => number) => {
    post.deleting = true;
    await posts.delete(post.id, post.author);
    post.deleted = now();
  },
  edit: async ({ posts }: Fanout, post: RacingPost, now: () => number) => {
    await posts.edit(post.id, post.author, textOf(post.edits.length + 1));
    post.edits.push(now());
  },
};

export type Hiding = keyof typeof HIDINGS;
type Rewriting = keyof typeof REWRITINGS;

/** So many posts are changed at the same time. */
const REWRITERS = 4;
/** A post that is changed is one of so many, the newest; the reads that are to meet it go down further. */
const NEWEST = 5;
const DEEP = { limit: 10, pages: 1 };
/** Enough to have a timeline built that is not there. */
const GLANCE = { limit: 1, pages: 1 };
/** A change begins so many round trips after what is in flight beside it, at most: at any point of a construction. */
const MAX_LATE = 3;

/**
 * Hides authors from readers on one instance, each way so many times and many at the same time, while their posts are on
 * their way and the timelines are dropped, built and read; reads on the other instance as soon as that is answered; and the
 * same with showing them again, so that at the end everyone sees everyone. No round begins after the breach that is looked
 * for. Answers how many rounds there were.
 */
export async function raceHidings(
  world: RacesWorld,
  ways: readonly Hiding[],
  rounds: number,
): Promise<number> {
  const pairs = world.users.flatMap((one, i) =>
    world.users.slice(i + 1).map((other) => [one, other] as const),
  );
  const lanes = pairs.map((pair) => async (way: Hiding) => hideAndShow(world, way, pair));
  return inLanes(world, ways, rounds, lanes);
}

/** Deletes and edits posts in the same way, in each round one in each way. Answers how many rounds there were. */
export async function raceRewritings(
  world: RacesWorld,
  ways: readonly Rewriting[],
  rounds: number,
): Promise<number> {
  const lane = async (all: readonly Rewriting[]): Promise<void> => rewrite(world, all);
  return inLanes(
    world,
    [ways],
    rounds,
    Array.from({ length: REWRITERS }, () => lane),
  );
}

/** What is in one lane happens one after the other. */
async function inLanes<Way>(
  world: RacesWorld,
  ways: readonly Way[],
  rounds: number,
  lanes: readonly ((way: Way) => Promise<void>)[],
): Promise<number> {
  const waiting = Array.from({ length: rounds }, () => ways).flat();
  const all = waiting.length;
  const run = async (lane: (way: Way) => Promise<void>): Promise<void> => {
    while (world.goesOn) {
      const way = waiting.pop();
      if (way === undefined) return;
      await lane(way);
    }
  };
  await Promise.all(lanes.map(run));
  return all - waiting.length;
}

async function hideAndShow(
  world: RacesWorld,
  way: Hiding,
  [one, other]: readonly [string, string],
): Promise<void> {
  const [reader, author] = randomInt(2) === 0 ? [one, other] : [other, one];
  // A block hides both from each other.
  const readers = way === 'block' ? [reader, author] : [reader];
  for (const turn of ['hide', 'show'] as const) {
    const [here, there] = world.inAnyOrder();
    const look = async (): Promise<unknown> =>
      Promise.all(readers.map(async (each) => world.read(there, each)));
    const change = async (): Promise<void> => {
      const answered = readers.map((each) =>
        world.model.change(each, each === reader ? author : reader, turn === 'show', way),
      );
      await HIDINGS[way][turn](here, reader, author);
      for (const tell of answered) tell();
      await look();
    };
    if (randomInt(4) === 0) await world.dropTimeline(reader);
    await Promise.all([world.read(there, reader, GLANCE), world.publish(author), late(world).then(change)]);
    if (turn === 'show') continue;
    if (way === 'block') await expectRefusal(there, reader, author);
    // More of what was on its way has arrived by now.
    await world.read(there, oneOf(readers));
  }
}

async function expectRefusal({ follows }: Fanout, reader: string, author: string): Promise<void> {
  await expect(follows.follow(reader, author)).rejects.toThrow(BlockedError);
  await expect(follows.follow(author, reader)).rejects.toThrow(BlockedError);
}

async function rewrite(world: RacesWorld, ways: readonly Rewriting[]): Promise<void> {
  const [here, there] = world.inAnyOrder();
  const reader = oneOf([world.stayer, ...world.users]);
  const look = async (): Promise<void> => world.read(there, reader, DEEP);
  const changeOne = async (way: Rewriting): Promise<string> => {
    const post = oneOf(world.model.posts.filter(({ changing }) => !changing).slice(-NEWEST));
    post.changing = true;
    await late(world);
    await REWRITINGS[way](here, post, () => world.model.now());
    post.changing = post.deleted !== undefined;
    return post.author;
  };
  const change = async (): Promise<void> => {
    const authors = await Promise.all(ways.map(changeOne));
    await Promise.all([look(), world.visit(there, oneOf(authors))]);
  };
  await Promise.all([look(), world.publish(oneOf(world.users)), change()]);
}

function oneOf<T>(members: readonly T[]): T {
  const member = members[randomInt(members.length)];
  if (member === undefined) throw new Error('there is none');
  return member;
}

/** Lets some round trips pass. */
async function late(world: RacesWorld): Promise<void> {
  for (let i = randomInt(MAX_LATE + 1); i > 0; i--) await world.roundTrip();
}
