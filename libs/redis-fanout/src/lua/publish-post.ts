import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { takenPost, type TakenPost, type TakenReply } from './taken-post.js';

export const publishPostScript = new Script(
  'publish-post',
  ['lastId', 'outbox', 'posts', 'undelivered', 'idempotency', 'rate', 'overflow', 'guard'],
  [
    'postStem',
    'home',
    'author',
    'text',
    'attachments',
    'digest',
    'attempt',
    'idempotencyMs',
    'postsPerMinute',
    'maxBacklog',
    'maxPosts',
  ],
);

/** What became of a post. */
export type PublishOutcome =
  | TakenPost
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'rate-limited'; readonly retryAfterMs: number };

/** Publishes a post in its author's partition: all of it or nothing. See `publish-post.lua`. */
export async function publishPost(
  client: RedisClient,
  keys: KeysOf<typeof publishPostScript>,
  args: ArgsOf<typeof publishPostScript>,
): Promise<PublishOutcome> {
  const reply = (await publishPostScript.run(client, keys, args)) as TakenReply<'conflict' | 'rate-limited'>;
  const [outcome, retryAfterMs] = reply;
  if (outcome === 'conflict') return { outcome };
  return takenPost(reply) ?? { outcome: 'rate-limited', retryAfterMs: Number(retryAfterMs) };
}
