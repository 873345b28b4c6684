/** Posts by a plain server of Fastify that hands them to the library. */
import Fastify from 'fastify';
import { connectRedis, Fanout } from 'redis-fanout';

import { readServerSettings } from '../../shared/server-settings.js';
import { type PublishRequest, publishSchema } from './schemas.js';

/** What post-service is set to unless told. */
const POSTS_PER_MINUTE = 300;

const { redisUrl, host, port } = readServerSettings();
const fanout = await Fanout.open({ client: connectRedis(redisUrl), postsPerMinute: POSTS_PER_MINUTE });
const app = Fastify();

app.post<PublishRequest>('/posts', { schema: publishSchema }, async ({ body }, reply) => {
  const { post } = await fanout.posts.publish(body);
  return reply.code(201).send(post);
});

await app.listen({ host, port });
