import { withRedis } from '../shared/measured-redis.js';
import { requireConnections } from '../shared/open-files.js';
import { failuresOf, inRounds } from '../shared/rounds.js';
import { defineSuite } from '../suite.js';
import { CONTESTANTS } from './contestant.js';
import { FULL_PLAN, QUICK_PLAN } from './plan.js';
import { setUpReaders } from './readers.js';
import { liveSection } from './section.js';
import { takeTurn } from './turn.js';

/** A post that many connected readers get at once: our notifier beside what else is in use. */
export const liveSuite = defineSuite({
  name: 'live',
  summary: 'a post that 5,000 connections to one instance get (10 minutes)',
  fullPlan: FULL_PLAN,
  quickPlan: QUICK_PLAN,
  bench: {
    parts: ['server', 'clients', 'redis', 'publisher'],
    sources: ['apps', 'libs', 'tools/bench'],
    packages: ['socket.io', '@socket.io/redis-streams-adapter', 'ws', 'ioredis'],
  },
  measure: async (plan, { cores, measuredBy, say }) => {
    requireConnections(plan.connections);
    return withRedis(cores.redis, async (redis) => {
      say(`setting up ${plan.connections} readers`);
      const readers = await setUpReaders(redis.url, plan.connections);
      await redis.remember();
      const stage = { plan, redis, readers, cores };
      const results = await inRounds(CONTESTANTS, plan.rounds, async (each) => takeTurn(each, stage), say);
      return {
        section: liveSection(results, plan, measuredBy),
        figures: { results },
        failures: failuresOf(results),
      };
    });
  },
});
