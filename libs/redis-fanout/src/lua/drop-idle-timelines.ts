import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const dropIdleTimelinesScript = new Script(
  'drop-idle-timelines',
  ['lastReads', 'guard'],
  ['idleSeconds', 'limit', 'timelineStem'],
);

/** Drops timelines that nobody has read for long, and answers of how many readers. See `drop-idle-timelines.lua`. */
export async function dropIdleTimelines(
  client: RedisClient,
  keys: KeysOf<typeof dropIdleTimelinesScript>,
  args: ArgsOf<typeof dropIdleTimelinesScript>,
): Promise<number> {
  return (await dropIdleTimelinesScript.run(client, keys, args)) as number;
}
