import { PARTITIONS } from '../fanout/plan.js';
import { readAuthors } from '../fanout/recording.js';
import { Systems } from '../fanout/systems.js';
import { takeTurn, type TurnFigures } from '../fanout/turn.js';
import { whileRunning } from '../shared/on-demand.js';
import { seededRandom } from '../shared/random.js';
import { failuresOf, inRounds } from '../shared/rounds.js';
import { defineSuite } from '../suite.js';
import { type Contestant, CONTESTANTS } from './contestants.js';
import { contentsOf } from './contents.js';
import { FULL_PLAN, QUICK_PLAN } from './plan.js';
import { lacksRecording, recording } from './recording.js';
import { networksSection } from './section.js';

/** Deliveries in a network that was recorded, in the order in which its users posted. */
export const networksSuite = defineSuite({
  name: 'networks',
  summary: 'the posts of a real network, which is read from files (4 minutes)',
  lacks: lacksRecording,
  fullPlan: FULL_PLAN,
  quickPlan: QUICK_PLAN,
  bench: { packages: ['ioredis', 'bullmq'] },
  measure: async (plan, { cores, measuredBy, say }) =>
    whileRunning(new Systems(cores), async (systems) => {
      const { network, log } = recording();
      const { rounds, events, checked } = plan;
      const runners = await systems.get({
        graph: { kind: 'recorded', file: network },
        partitions: PARTITIONS,
      });
      const posts = readAuthors(log).map((author, n) => ({ n, author }));
      const stage = { checked, random: seededRandom(2) };
      const turn = async ({ name, oneIn }: Contestant, round: number): Promise<TurnFigures> => {
        const ofRound = posts.slice(round * events, (round + 1) * events);
        const some = ofRound.filter((_, i) => i % oneIn === 0);
        return takeTurn(await runners.get(name), some, stage);
      };
      const results = await inRounds(CONTESTANTS, rounds, turn, say);
      const contents = contentsOf(runners.graph, posts, rounds * events);
      return {
        section: networksSection(results, plan, contents, measuredBy),
        figures: { contents, results },
        failures: failuresOf(results),
      };
    }),
});
