import { AudienceTooLargeError } from 'redis-fanout';

import { MeasuredRedis } from '../shared/measured-redis.js';
import { inTurn } from '../shared/rounds.js';
import type { Say } from '../shared/terminal.js';
import type { Figures, Measured, Refused, RoundFigures, TeamRoundFigures } from './figures.js';
import { type KeptPattern, KeptSubject } from './kept-subject.js';
import { listParticipant, streamParticipant, timelineParticipant } from './participants.js';
import type { Plan, Size } from './plan.js';
import { PubSubSubject } from './pubsub-subject.js';
import type { Subject } from './subject.js';
import { TeamSubject } from './team-subject.js';

/** Where and how loudly to measure. */
export interface Measuring {
  /** The core of the Redis servers, where they have one of their own. */
  readonly redisCore: number | undefined;
  readonly say: Say;
}

const LISTS = { pattern: 'Lists', writtenOnce: false, open: listParticipant };
const STREAMS = { pattern: 'Streams', writtenOnce: true, open: streamParticipant };

/** The patterns that keep messages, for an audience. */
function keptPatterns({ audience }: Size): KeptPattern[] {
  return [
    LISTS,
    { pattern: 'Timelines, pushed', writtenOnce: false, open: timelineParticipant(Infinity, audience) },
    { pattern: 'Timelines, pulled', writtenOnce: true, open: timelineParticipant(0, audience) },
    STREAMS,
  ];
}

/**
 * Measures everything in the plan: of each size all patterns are set up, and then take turns.
 *
 * @throws Error where a recipient had anything but what was published, once: then the figures are worth nothing
 */
export async function measure(plan: Plan, measuring: Measuring): Promise<Figures> {
  const patterns: (Measured<RoundFigures> | Refused)[] = [];
  for (const size of plan.sizes) patterns.push(...(await measureSize(plan, size, measuring)));
  measuring.say('teams');
  const teams = await measureInTurn<TeamRoundFigures>(plan.rounds, measuring, async (start, add) => {
    for (const pattern of [LISTS, STREAMS]) {
      for (const size of plan.teams) add(await TeamSubject.open(await start(), pattern, size));
    }
  });
  return { patterns, teams };
}

async function measureSize(
  plan: Plan,
  size: Size,
  measuring: Measuring,
): Promise<(Measured<RoundFigures> | Refused)[]> {
  measuring.say(`${size.audience} recipients`);
  const refused: Refused[] = [];
  const measured = await measureInTurn<RoundFigures>(plan.rounds, measuring, async (start, add) => {
    add(await PubSubSubject.open(await start(), size));
    for (const pattern of keptPatterns(size)) {
      const subject = await openOrRefused(await start(), pattern, size);
      if ('error' in subject) refused.push(subject);
      else add(subject);
    }
  });
  return [...measured, ...refused];
}

async function openOrRefused(
  redis: MeasuredRedis,
  kept: KeptPattern,
  size: Size,
): Promise<KeptSubject | Refused> {
  try {
    return await KeptSubject.open(redis, kept, size);
  } catch (error) {
    if (!(error instanceof AudienceTooLargeError)) throw error;
    const { largestAudience, name } = error;
    return { pattern: kept.pattern, audience: size.audience, largestAudience, error: name };
  }
}

/** Sets subjects up, each on a Redis of its own, and lets them take turns, in each round another one first. */
async function measureInTurn<F>(
  rounds: number,
  { redisCore, say }: Measuring,
  setUp: (start: () => Promise<MeasuredRedis>, add: (subject: Subject<F>) => void) => Promise<void>,
): Promise<Measured<F>[]> {
  const servers: MeasuredRedis[] = [];
  const subjects: { readonly subject: Subject<F>; readonly rounds: F[] }[] = [];
  const start = async (): Promise<MeasuredRedis> => {
    const redis = await MeasuredRedis.start(redisCore);
    servers.push(redis);
    return redis;
  };
  try {
    await setUp(start, (subject) => subjects.push({ subject, rounds: [] }));
    for (let round = 0; round < rounds; round++) {
      say(`  round ${round + 1} of ${rounds}`);
      for (const each of inTurn(subjects, round)) each.rounds.push(await each.subject.round());
    }
  } finally {
    await Promise.allSettled(subjects.map(async ({ subject }) => subject.close?.()));
    await Promise.all(servers.map(async (redis) => redis.stop()));
  }
  return subjects.map(({ subject: { pattern, audience, writtenOnce }, rounds: figures }) => ({
    pattern,
    audience,
    writtenOnce,
    rounds: figures,
  }));
}
