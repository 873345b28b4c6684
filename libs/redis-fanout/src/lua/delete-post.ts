import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const deletePostScript = new Script(
  'delete-post',
  ['post', 'posts', 'outbox', 'overflow', 'changed', 'changes'],
  ['id', 'author', 'maxBacklog'],
);

export type DeleteOutcome =
  | { readonly outcome: 'deleted' | 'missing' }
  | { readonly outcome: 'backlog-full'; readonly backlog: number };

/** Turns a post into a tombstone. See `delete-post.lua`. */
export async function deletePost(
  client: RedisClient,
  keys: KeysOf<typeof deletePostScript>,
  args: ArgsOf<typeof deletePostScript>,
): Promise<DeleteOutcome> {
  const [outcome, backlog] = (await deletePostScript.run(client, keys, args)) as [
    DeleteOutcome['outcome'],
    number,
  ];
  return outcome === 'backlog-full' ? { outcome, backlog } : { outcome };
}
