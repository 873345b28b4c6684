import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const detachReadersScript = new Script('detach-readers', ['online'], ['notifier']);

/** Notes which readers of one partition a notifier no longer holds connections of. See `detach-readers.lua`. */
export async function detachReaders(
  client: RedisClient,
  keys: KeysOf<typeof detachReadersScript>,
  args: ArgsOf<typeof detachReadersScript>,
  readers: readonly string[],
): Promise<number> {
  return (await detachReadersScript.run(client, keys, args, readers)) as number;
}
