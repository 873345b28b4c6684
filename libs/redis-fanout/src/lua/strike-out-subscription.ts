import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const strikeOutSubscriptionScript = new Script(
  'strike-out-subscription',
  ['subscriptions'],
  ['source', 'ending'],
);

/** Forgets a subscription that is being ended. See `strike-out-subscription.lua`. */
export async function strikeOutSubscription(
  client: RedisClient,
  keys: KeysOf<typeof strikeOutSubscriptionScript>,
  args: ArgsOf<typeof strikeOutSubscriptionScript>,
): Promise<boolean> {
  return (await strikeOutSubscriptionScript.run(client, keys, args)) === 1;
}
