import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

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
    'idempotencyMs',
    'postsPerMinute',
    'maxBacklog',
    'maxPosts',
  ],
);

/** What became of a post: `backlog` counts the events of its partition that wait. */
export type PublishOutcome =
  | { readonly outcome: 'published'; readonly id: string; readonly backlog: number }
  | { readonly outcome: 'replayed'; readonly id: string }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'rate-limited'; readonly retryAfterMs: number }
  | { readonly outcome: 'backlog-full'; readonly backlog: number };

/** Publishes a post in its author's partition: all of it or nothing. See `publish-post.lua`. */
export async function publishPost(
  client: RedisClient,
  keys: KeysOf<typeof publishPostScript>,
  args: ArgsOf<typeof publishPostScript>,
): Promise<PublishOutcome> {
  const [outcome, value, backlog] = (await publishPostScript.run(client, keys, args)) as [
    PublishOutcome['outcome'],
    string | number,
    number,
  ];
  switch (outcome) {
    case 'published':
      return { outcome, id: String(value), backlog };
    case 'replayed':
      return { outcome, id: String(value) };
    case 'rate-limited':
      return { outcome, retryAfterMs: Number(value) };
    case 'backlog-full':
      return { outcome, backlog: Number(value) };
    case 'conflict':
      return { outcome };
  }
}
