import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const editPostScript = new Script(
  'edit-post',
  ['post', 'outbox', 'changed', 'changes'],
  ['id', 'author', 'text', 'maxBacklog'],
);

export type EditOutcome =
  | { readonly outcome: 'edited'; readonly editedMs: number; readonly attachments: string }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'deleted' }
  | { readonly outcome: 'backlog-full'; readonly backlog: number };

/** Gives a post another text. `attachments` is their JSON, empty where there are none. See `edit-post.lua`. */
export async function editPost(
  client: RedisClient,
  keys: KeysOf<typeof editPostScript>,
  args: ArgsOf<typeof editPostScript>,
): Promise<EditOutcome> {
  const [outcome, value, attachments] = (await editPostScript.run(client, keys, args)) as [
    EditOutcome['outcome'],
    number,
    string,
  ];
  if (outcome === 'edited') return { outcome, editedMs: value, attachments };
  return outcome === 'backlog-full' ? { outcome, backlog: value } : { outcome };
}
