import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const fixSettingsScript = new Script('fix-settings', ['settings'], ['partitions', 'layout']);

/** What is fixed once for all that lies under a prefix. */
export interface FixedSettings {
  readonly partitions: number;
  /** Undefined where the data is older than the numbers of layouts. */
  readonly layout: number | undefined;
}

/** Fixes the settings, unless somebody did before, and answers what they are. See `fix-settings.lua`. */
export async function fixSettings(
  client: RedisClient,
  keys: KeysOf<typeof fixSettingsScript>,
  args: ArgsOf<typeof fixSettingsScript>,
): Promise<FixedSettings> {
  const [partitions, layout] = (await fixSettingsScript.run(client, keys, args)) as [string, string | null];
  return { partitions: Number(partitions), layout: layout === null ? undefined : Number(layout) };
}
