/** Posts by a plain server of Fastify, which runs the script that the library runs, with the same arguments. */
import { randomUUID } from 'node:crypto';

import Fastify from 'fastify';
import { Redis } from 'ioredis';

import { readServerSettings } from '../../shared/server-settings.js';
import { keyFor, partitionDigits } from './keys.js';
import { type PublishRequest, publishSchema } from './schemas.js';
import { publishScript } from './publish-script.js';

/** What the services are set to unless told. */
const POSTS_PER_MINUTE = 300;
const MAX_BACKLOG = 1_000_000;
const MAX_POSTS = 3200;
const RESEND_MS = 30_000;

declare module 'ioredis' {
  interface RedisCommander {
    publishPost(...keysAndArguments: (string | number)[]): Promise<[outcome: string, id: string]>;
  }
}

const { redisUrl, host, port } = readServerSettings();
const redis = new Redis(redisUrl);
redis.defineCommand('publishPost', { numberOfKeys: 8, lua: publishScript() });
const app = Fastify();

app.post<PublishRequest>('/posts', { schema: publishSchema }, async ({ body }, reply) => {
  const { author, text, attachments = [] } = body;
  const [outcome, id] = await redis.publishPost(
    keyFor(author, 'last-id'),
    keyFor(author, 'outbox'),
    keyFor(author, `posts:${author}`),
    keyFor(author, `undelivered:${author}`),
    keyFor(author, `attempts:${Math.floor(Date.now() / 1000)}`),
    keyFor(author, `rate:${author}`),
    keyFor(author, 'overflow'),
    keyFor(author, 'guard'),
    keyFor(author, 'post:'),
    partitionDigits(author),
    author,
    text,
    attachments.length === 0 ? '' : JSON.stringify(attachments),
    '',
    randomUUID(),
    RESEND_MS,
    POSTS_PER_MINUTE,
    MAX_BACKLOG,
    MAX_POSTS,
  );
  if (outcome !== 'published') throw new Error(outcome);
  const createdAt = new Date(Number(id.slice(0, 13))).toISOString();
  return reply.code(201).send({ id, author, text, attachments, createdAt, editedAt: null });
});

await app.listen({ host, port });
