import { withRedis } from '../shared/measured-redis.js';
import { failuresOf, inRounds } from '../shared/rounds.js';
import { defineSuite } from '../suite.js';
import { CONTESTANTS } from './contestant.js';
import { FULL_PLAN, QUICK_PLAN } from './plan.js';
import { transportPictures, transportSection } from './section.js';
import { takeTurn } from './turn.js';

/** Events from one process to another: our transports of NestJS beside what else is in use. */
export const transportSuite = defineSuite({
  name: 'transport',
  summary: 'events between services: our transports beside BullMQ and the one of NestJS (4 minutes)',
  fullPlan: FULL_PLAN,
  quickPlan: QUICK_PLAN,
  bench: {
    parts: ['redis', 'consumer', 'producer'],
    packages: ['@nestjs/microservices', 'bullmq', 'ioredis'],
  },
  measure: async (plan, { cores, measuredBy, say }) =>
    withRedis(cores.redis, async (redis) => {
      await redis.remember();
      const stage = { plan, redis, cores };
      const results = await inRounds(CONTESTANTS, plan.rounds, async (each) => takeTurn(each, stage), say);
      return {
        section: transportSection(results, plan, measuredBy),
        figures: { results },
        pictures: transportPictures(results),
        failures: failuresOf(results),
      };
    }),
});
