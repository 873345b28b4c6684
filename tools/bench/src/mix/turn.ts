import type { Child } from '../shared/child.js';
import type { MeasuredRedis } from '../shared/measured-redis.js';
import { type Checks, type MixCalls, REFRESHED } from './calls.js';
import type { Model } from './model.js';
import type { Operation } from './operations.js';

/** What one turn has measured of a contestant, for each 1,000 operations. */
export interface TurnFigures {
  readonly operations: number;
  readonly perSecond: number;
  readonly redisCpuMs: number;
  readonly clientCpuMs: number;
  /** Kilobytes to and from Redis. */
  readonly wireKb: number;
}

/** A contestant that runs, on a Redis of its own. */
export interface Running {
  readonly process: Pick<Child<MixCalls>, 'call'>;
  readonly redis: Pick<MeasuredRedis, 'cost'>;
  /** What its timelines are to show. */
  readonly model: Model;
}

/** What is done in a turn. */
export interface Turn {
  readonly operations: readonly Operation[];
  readonly checks: Checks;
  /** Operations that are under way at once. */
  readonly atOnce: number;
  /** Users whose pages are held to the model then. */
  readonly checked: readonly number[];
}

/** Lets a contestant do operations. @throws Error where pages are not what they are to be then */
export async function takeTurn(
  { process, redis, model }: Running,
  { operations, checks, atOnce, checked }: Turn,
): Promise<TurnFigures> {
  const {
    value: work,
    cpuUs,
    wireBytes,
  } = await redis.cost(async () => process.call('run', { operations, checks, atOnce }));
  model.publish(work.posts);
  for (const each of operations) if (each.kind === 'follow') model.follow(each.user, each.author);
  await check({ process, model }, checked);
  const thousands = operations.length / 1000;
  return {
    operations: operations.length,
    perSecond: operations.length / work.seconds,
    redisCpuMs: cpuUs / 1000 / thousands,
    clientCpuMs: work.cpuUs / 1000 / thousands,
    wireKb: wireBytes / 1000 / thousands,
  };
}

async function check({ process, model }: Omit<Running, 'redis'>, users: readonly number[]): Promise<void> {
  const found = await process.call('pages', users);
  for (const [i, user] of users.entries()) {
    const { page = [], newer = [] } = found[i] ?? {};
    model.check(user, page);
    if (newer.join() === page.slice(0, REFRESHED).join()) continue;
    const told = newer.slice(0, 10).join(' ');
    throw new Error(
      `user ${user} is told ${told} …, and not what is new on ${page.slice(0, 10).join(' ')} …`,
    );
  }
}
