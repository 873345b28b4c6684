import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const recordDeliveriesScript = new Script(
  'record-deliveries',
  ['lastId', 'guard'],
  ['postStem', 'undeliveredStem'],
);

/** What the delivery of one post came to. */
export interface DeliveryCount {
  /** Timelines that hold the post. */
  readonly pushed: number;
  /** Followers who have no live timeline. */
  readonly skippedInactive: number;
  /** Followers whose pages get the post from a list of its author. */
  readonly leftToPull: number;
}

/** Keeps the accounts of posts of one partition with their bodies. See `record-deliveries.lua`. */
export async function recordDeliveries(
  client: RedisClient,
  keys: KeysOf<typeof recordDeliveriesScript>,
  args: ArgsOf<typeof recordDeliveriesScript>,
  posts: readonly (DeliveryCount & { readonly id: string })[],
): Promise<number> {
  const rest = posts.flatMap((post) => [post.id, post.pushed, post.skippedInactive, post.leftToPull]);
  return (await recordDeliveriesScript.run(client, keys, args, rest)) as number;
}
