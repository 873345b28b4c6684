import { postsOf } from '../fanout/posts.js';
import { Systems } from '../fanout/systems.js';
import { takeTurn, type TurnFigures } from '../fanout/turn.js';
import { whileRunning } from '../shared/on-demand.js';
import { seededRandom } from '../shared/random.js';
import { failuresOf, inRounds, type Result } from '../shared/rounds.js';
import type { Say } from '../shared/terminal.js';
import { defineSuite } from '../suite.js';
import { FULL_PLAN, type Plan, QUICK_PLAN, READERS_PER_AUTHOR } from './plan.js';
import { growthSection } from './section.js';
import { byPartitions, byReaders, type Sized } from './sizes.js';

/** What deliveries cost as readers, and partitions, become more. */
export const growthSuite = defineSuite({
  name: 'growth',
  summary: 'deliveries to 10,000 and to 1,000,000 readers, with 1 and with 64 partitions (8 minutes)',
  fullPlan: FULL_PLAN,
  quickPlan: QUICK_PLAN,
  bench: { packages: [] },
  measure: async (plan, { cores, measuredBy, say }) =>
    whileRunning(new Systems(cores), async (systems) => {
      const byGrowth = await measure(systems, plan, byReaders(plan), say);
      await systems.stop();
      const bySplit = await measure(systems, plan, byPartitions(plan), say);
      return {
        section: growthSection(byGrowth, bySplit, plan, measuredBy),
        figures: { byReaders: byGrowth, byPartitions: bySplit },
        failures: failuresOf([...byGrowth, ...bySplit]),
      };
    }),
});

async function measure(
  systems: Systems,
  { rounds, posts, checked, audience }: Plan,
  sizes: readonly Sized[],
  say: Say,
): Promise<Result<TurnFigures>[]> {
  const random = seededRandom(5);
  const turn = async ({ contestant, readers, partitions }: Sized, round: number): Promise<TurnFigures> => {
    const authors = readers / READERS_PER_AUTHOR;
    const graph = { kind: 'even', readers, authors, audience, seed: 4 } as const;
    const runners = await systems.get({ graph, partitions });
    const ofRound = postsOf(runners.graph, posts, round * posts, seededRandom(round));
    return takeTurn(await runners.get(contestant), ofRound, { checked, random });
  };
  return inRounds(sizes, rounds, turn, say);
}
