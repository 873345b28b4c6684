import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const renewNotifierScript = new Script(
  'renew-notifier',
  ['notifier', 'deliveries', 'online', 'guard'],
  ['lifetimeMs', 'notifierStem', 'cursor'],
);

/** How a notifier stands in a partition. */
export interface NotifierState {
  /** Since when it has been known: another one than before where it was forgotten meanwhile. */
  readonly epoch: string;
  /** How often it was told of something since then. */
  readonly told: number;
  /** The last place of what happened in the partition: all up to it has been told. */
  readonly last: string;
}

/** Says that a notifier lives; answers how it stands, and the cursor for the next time. See `renew-notifier.lua`. */
export async function renewNotifier(
  client: RedisClient,
  keys: KeysOf<typeof renewNotifierScript>,
  args: ArgsOf<typeof renewNotifierScript>,
): Promise<{ readonly state: NotifierState; readonly cursor: string }> {
  const [epoch, told, last, cursor] = (await renewNotifierScript.run(client, keys, args)) as [
    string,
    number,
    string,
    string,
  ];
  return { state: { epoch, told, last }, cursor };
}
