import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const renewNotifierScript = new Script(
  'renew-notifier',
  ['notifier', 'deliveries', 'online', 'guard'],
  ['lifetimeMs', 'notifierStem', 'cursor'],
);

/** How a notifier stands in a partition. */
export interface NotifierState {
  /** Whether it was known to live. */
  readonly known: boolean;
  /** How often it was told of something. */
  readonly told: number;
  /** The last entry of what happened in the partition: all up to it has been told. */
  readonly last: string;
}

/** Says that a notifier lives; answers how it stands, and the cursor for the next time. See `renew-notifier.lua`. */
export async function renewNotifier(
  client: RedisClient,
  keys: KeysOf<typeof renewNotifierScript>,
  args: ArgsOf<typeof renewNotifierScript>,
): Promise<{ readonly state: NotifierState; readonly cursor: string }> {
  const [known, told, last, cursor] = (await renewNotifierScript.run(client, keys, args)) as [
    number,
    number,
    string,
    string,
  ];
  return { state: { known: known === 1, told, last }, cursor };
}
