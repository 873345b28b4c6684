import { type RedisClient } from '../redis/redis-client.js';
import { defineScript, runScript } from './script.js';

export const renewEntriesScript = defineScript('renew-entries', ['stream'], ['group', 'consumer'], 'id');

export interface Renewal {
  readonly stream: string;
  readonly group: string;
  readonly consumer: string;
  readonly ids: readonly string[];
}

/** Starts the idle time of the consumer's pending entries anew; no delivery is counted. Returns how many were its own. */
export async function renewEntries(client: RedisClient, renewal: Renewal): Promise<number> {
  const { stream, ids, ...args } = renewal;
  return Number(await runScript(client, renewEntriesScript, { keys: { stream }, args, rest: ids }));
}
