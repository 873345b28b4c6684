import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const attachReadersScript = new Script(
  'attach-readers',
  ['online', 'guard'],
  ['notifier', 'notifierStem'],
);

/** Notes which readers of one partition a notifier holds connections of. See `attach-readers.lua`. */
export async function attachReaders(
  client: RedisClient,
  keys: KeysOf<typeof attachReadersScript>,
  args: ArgsOf<typeof attachReadersScript>,
  readers: readonly string[],
): Promise<number> {
  return (await attachReadersScript.run(client, keys, args, readers)) as number;
}
