import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const acknowledgeEventsScript = new Script('acknowledge-events', ['outbox'], ['group']);

/** Acknowledges events of an outbox, and answers how many. See `acknowledge-events.lua`. */
export async function acknowledgeEvents(
  client: RedisClient,
  keys: KeysOf<typeof acknowledgeEventsScript>,
  args: ArgsOf<typeof acknowledgeEventsScript>,
  ids: readonly string[],
): Promise<number> {
  return (await acknowledgeEventsScript.run(client, keys, args, ids)) as number;
}
