import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { takenPost, type TakenPost, type TakenReply } from './taken-post.js';

export const importPostScript = new Script(
  'import-post',
  ['lastId', 'outbox', 'posts', 'overflow', 'guard'],
  ['postStem', 'home', 'author', 'text', 'atMs', 'maxBacklog', 'maxPosts'],
);

/** What became of an archived post. */
export type ImportOutcome = TakenPost | { readonly outcome: 'future' | 'full' };

/** Publishes a post with a time of its own; the same post again changes nothing. See `import-post.lua`. */
export async function importPost(
  client: RedisClient,
  keys: KeysOf<typeof importPostScript>,
  args: ArgsOf<typeof importPostScript>,
): Promise<ImportOutcome> {
  const reply = (await importPostScript.run(client, keys, args)) as TakenReply<'future' | 'full'>;
  const [outcome] = reply;
  return takenPost(reply) ?? { outcome: outcome === 'future' ? outcome : 'full' };
}
