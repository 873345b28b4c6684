import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const importPostScript = new Script(
  'import-post',
  ['lastId', 'outbox', 'posts', 'overflow', 'guard'],
  ['postStem', 'home', 'author', 'text', 'atMs', 'maxBacklog', 'maxPosts'],
);

export type ImportOutcome =
  | { readonly outcome: 'published'; readonly id: string; readonly backlog: number }
  | { readonly outcome: 'replayed'; readonly id: string }
  | { readonly outcome: 'future' | 'full' }
  | { readonly outcome: 'backlog-full'; readonly backlog: number };

/** Publishes a post with a time of its own; the same post again changes nothing. See `import-post.lua`. */
export async function importPost(
  client: RedisClient,
  keys: KeysOf<typeof importPostScript>,
  args: ArgsOf<typeof importPostScript>,
): Promise<ImportOutcome> {
  const [outcome, value, backlog] = (await importPostScript.run(client, keys, args)) as [
    ImportOutcome['outcome'],
    string | number,
    number,
  ];
  switch (outcome) {
    case 'published':
      return { outcome, id: String(value), backlog };
    case 'replayed':
      return { outcome, id: String(value) };
    case 'backlog-full':
      return { outcome, backlog: Number(value) };
    case 'future':
    case 'full':
      return { outcome };
  }
}
