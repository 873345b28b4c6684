/**
 * Timelines by a plain server of Fastify, which sends the commands that the library sends, and keeps bodies as it does. It
 * does no more than is needed for readers whose timeline is live, and who follow nobody with very many followers.
 */
import Fastify from 'fastify';
import { Redis } from 'ioredis';
import type { Page, Post } from 'redis-fanout';

import { readServerSettings } from '../../shared/server-settings.js';
import { changedKey, keyFor, postKey } from './keys.js';
import { type TimelineRequest, timelineSchema } from './schemas.js';

/** In the data no request has more posts that are new. */
const FEW_NEW = 15;

const { redisUrl, host, port } = readServerSettings();
const redis = new Redis(redisUrl);
const app = Fastify();

/** Of the few posts of the data all are kept, until any has changed. */
const kept = new Map<string, Post>();
let change: string | null | undefined;
const noted = new Set<string>();

app.get<TimelineRequest>('/timelines/:user', { schema: timelineSchema }, async ({ params, query }) => {
  const { limit, since = '' } = query;
  const ids = await newestIds(params.user, since === '' ? limit + 1 : FEW_NEW + 1, since);
  const posts = await readPosts(ids);
  return pageOf(posts, limit);
});

await app.listen({ host, port });

async function newestIds(user: string, wanted: number, since: string): Promise<string[]> {
  const timeline = keyFor(user, `timeline:${user}`);
  const pipeline = redis
    .pipeline()
    .mget(keyFor(user, `undelivered:${user}`))
    .lrange(timeline, -wanted - 1, -1)
    .lindex(timeline, 0)
    .mget(keyFor(user, 'recent-changed'), changedKey);
  if (!noted.has(user)) pipeline.zadd(keyFor(user, 'last-reads'), 'GT', Math.floor(Date.now() / 1000), user);
  noted.add(user);
  const replies = await pipeline.exec();
  const [[own], entries, first, [, changed]] = resultsOf(replies) as [
    (string | null)[],
    string[],
    string | null,
    (string | null)[],
  ];
  // Nobody is large in the data, so what is noted of large authors is nothing to this reader.
  if (changed !== change) kept.clear();
  change = changed;
  if (first === null) throw new Error('this reader is not among the data');
  // The first entry of a timeline is its floor, and no part of it.
  const ids = entries.slice(1).reverse();
  const undelivered = own?.match(/\d{19}/g) ?? [];
  const all = undelivered.length === 0 ? ids : [...new Set([...undelivered, ...ids])].sort().reverse();
  return all.filter((id) => id > since).slice(0, wanted);
}

async function readPosts(ids: readonly string[]): Promise<Post[]> {
  const missing = ids.filter((id) => !kept.has(id));
  if (missing.length > 0) await fetchPosts(missing);
  return ids.flatMap((id) => kept.get(id) ?? []);
}

async function fetchPosts(ids: readonly string[]): Promise<void> {
  const pipeline = redis.pipeline();
  for (const id of ids) pipeline.hmget(postKey(id), 'author', 'text', 'attachments', 'edited', 'deleted');
  const replies = resultsOf(await pipeline.exec()) as (string | null)[][];
  replies.forEach(([author, text, attachments, edited, deleted], i) => {
    if (typeof author !== 'string' || typeof text !== 'string' || typeof deleted === 'string') return;
    const id = ids[i] ?? '';
    kept.set(id, {
      id,
      author,
      text,
      attachments: typeof attachments === 'string' ? (JSON.parse(attachments) as string[]) : [],
      createdAt: new Date(Number(id.slice(0, 13))).toISOString(),
      editedAt: typeof edited === 'string' ? new Date(Number(edited)).toISOString() : null,
    });
  });
}

function pageOf(posts: readonly Post[], limit: number): Page<Post> {
  const items = posts.slice(0, limit);
  return { items, nextCursor: posts.length > limit ? (items.at(-1)?.id ?? null) : null };
}

function resultsOf(replies: [error: Error | null, result: unknown][] | null): unknown[] {
  return (replies ?? []).map(([error, result]) => {
    if (error !== null) throw error;
    return result;
  });
}
