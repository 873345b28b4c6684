/** Timelines by a plain server of Fastify that asks the library. */
import Fastify from 'fastify';
import { connectRedis, Fanout } from 'redis-fanout';

import { readServerSettings } from '../../shared/server-settings.js';
import { type TimelineRequest, timelineSchema } from './schemas.js';

const { redisUrl, host, port } = readServerSettings();
const fanout = await Fanout.open({ client: connectRedis(redisUrl) });
const app = Fastify();

app.get<TimelineRequest>('/timelines/:user', { schema: timelineSchema }, async ({ params, query }) =>
  fanout.timelines.page(params.user, query),
);

await app.listen({ host, port });
