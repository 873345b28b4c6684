/** Timelines by a plain server of Fastify that asks the library. */
import Fastify from 'fastify';
import { connectRedis, Fanout } from 'redis-fanout';

import { type TimelineRequest, timelineSchema } from './schemas.js';
import { readServerSettings } from './server-settings.js';

const { redisUrl, host, port } = readServerSettings();
const fanout = await Fanout.open({ client: connectRedis(redisUrl) });
const app = Fastify();

app.get<TimelineRequest>('/timelines/:user', { schema: timelineSchema }, async ({ params, query }) =>
  fanout.timelines.page(params.user, query),
);

await app.listen({ host, port });
