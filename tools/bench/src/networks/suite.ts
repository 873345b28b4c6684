import { PARTITIONS } from '../fanout/plan.js';
import { readAuthors } from '../fanout/recording.js';
import { Runners } from '../fanout/runners.js';
import { takeTurn, type TurnFigures } from '../fanout/turn.js';
import { onBench } from '../shared/bench.js';
import type { MeasuredRedis } from '../shared/measured-redis.js';
import { seededRandom } from '../shared/random.js';
import { failuresOf, inRounds, type Result } from '../shared/rounds.js';
import type { Suite, SuiteOptions, SuiteResult } from '../suite.js';
import { type Contestant, CONTESTANTS } from './contestants.js';
import { type Contents, contentsOf } from './contents.js';
import { FULL_PLAN, type Plan, QUICK_PLAN } from './plan.js';
import { lacksRecording, type Recording, recording } from './recording.js';
import { networksSection } from './section.js';

/** Deliveries in a network that was recorded, in the order in which its users posted. */
export const networksSuite: Suite = {
  name: 'networks',
  summary: 'the posts of a real network, which is read from files (4 minutes)',
  lacks: lacksRecording,
  run,
};

async function run({ quick, say }: SuiteOptions): Promise<SuiteResult> {
  const recorded = recording();
  const plan = quick ? QUICK_PLAN : FULL_PLAN;
  return onBench(quick, ['ioredis', 'bullmq'], async ({ redis, setting }) => {
    const { results, contents } = await measure(plan, recorded, redis, setting.cores?.client, say);
    return {
      section: networksSection(results, plan, contents, setting),
      figures: { measuredAt: new Date().toISOString(), plan, setting, contents, results },
      failures: failuresOf(results),
    };
  });
}

async function measure(
  { rounds, events, checked }: Plan,
  { network, log }: Recording,
  redis: MeasuredRedis,
  core: number | undefined,
  say: (line: string) => void,
): Promise<{ readonly results: Result<TurnFigures>[]; readonly contents: Contents }> {
  const spec = { kind: 'recorded', file: network } as const;
  const runners = new Runners({ redisUrl: redis.url, spec, partitions: PARTITIONS, core });
  const { graph } = runners;
  const posts = readAuthors(log).map((author, n) => ({ n, author }));
  const stage = { graph, redis, checked, random: seededRandom(2) };
  const turn = async ({ name, oneIn }: Contestant, round: number): Promise<TurnFigures> => {
    const ofRound = posts.slice(round * events, (round + 1) * events);
    return takeTurn(
      await runners.get(name),
      ofRound.filter((_, i) => i % oneIn === 0),
      stage,
    );
  };
  try {
    const results = await inRounds(CONTESTANTS, rounds, turn, say);
    return { results, contents: contentsOf(graph, posts, rounds * events) };
  } finally {
    await runners.stop();
  }
}
