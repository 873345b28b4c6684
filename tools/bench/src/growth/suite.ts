import { loadavg } from 'node:os';

import { postsOf } from '../fanout/posts.js';
import { Systems } from '../fanout/systems.js';
import { takeTurn, type TurnFigures } from '../fanout/turn.js';
import { pin, twoCores } from '../shared/pinning.js';
import { seededRandom } from '../shared/random.js';
import { failuresOf, inRounds, type Result } from '../shared/rounds.js';
import { describeSetting } from '../shared/setting.js';
import type { Suite, SuiteOptions, SuiteResult } from '../suite.js';
import { FULL_PLAN, type Plan, QUICK_PLAN, READERS_PER_AUTHOR } from './plan.js';
import { growthSection } from './section.js';
import { byPartitions, byReaders, type Sized } from './sizes.js';

/** What deliveries cost as readers, and partitions, become more. */
export const growthSuite: Suite = {
  name: 'growth',
  summary: 'deliveries to 10,000 and to 1,000,000 readers, with 1 and with 64 partitions (8 minutes)',
  run,
};

async function run({ quick, say }: SuiteOptions): Promise<SuiteResult> {
  const plan = quick ? QUICK_PLAN : FULL_PLAN;
  const [load = 0] = loadavg();
  const cores = quick ? undefined : twoCores();
  if (cores !== undefined) pin(process.pid, cores.client);
  const systems = new Systems(cores);
  try {
    const byGrowth = await measure(systems, plan, byReaders(plan), say);
    await systems.stop();
    const bySplit = await measure(systems, plan, byPartitions(plan), say);
    const setting = { ...describeSetting(await systems.version(), ['libs', 'tools/bench']), cores, load };
    return {
      section: growthSection(byGrowth, bySplit, plan, setting),
      figures: { measuredAt: new Date().toISOString(), setting, byReaders: byGrowth, byPartitions: bySplit },
      failures: failuresOf([...byGrowth, ...bySplit]),
    };
  } finally {
    await systems.stop();
  }
}

async function measure(
  systems: Systems,
  { rounds, posts, checked, audience }: Plan,
  sizes: readonly Sized[],
  say: (line: string) => void,
): Promise<Result<TurnFigures>[]> {
  const random = seededRandom(5);
  const turn = async ({ contestant, readers, partitions }: Sized, round: number): Promise<TurnFigures> => {
    const authors = readers / READERS_PER_AUTHOR;
    const spec = { kind: 'even', readers, authors, audience, seed: 4 } as const;
    const { redis, runners } = await systems.get(spec, partitions);
    const { graph } = runners;
    const ofRound = postsOf(graph, posts, round * posts, seededRandom(round));
    return takeTurn(await runners.get(contestant), ofRound, { graph, redis, checked, random });
  };
  return inRounds(sizes, rounds, turn, say);
}
