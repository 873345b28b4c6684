import { type RedisClient } from '../redis/redis-client.js';
import { type StreamEntry } from '../streams/stream-entry.js';
import { defineScript, runScript } from './script.js';

export const claimEntriesScript = defineScript(
  'claim-entries',
  ['stream'],
  ['group', 'consumer', 'minIdleMs'],
  'id',
);

export interface Claim {
  readonly stream: string;
  readonly group: string;
  readonly consumer: string;
  /** How long an entry of another consumer must have been idle. */
  readonly minIdleMs: number;
  readonly ids: readonly string[];
}

/** Delivers pending entries to the consumer again and returns those it got; the delivery is counted. */
export async function claimEntries(client: RedisClient, claim: Claim): Promise<StreamEntry[]> {
  const { stream, ids, ...args } = claim;
  const reply = await runScript(client, claimEntriesScript, { keys: { stream }, args, rest: ids });
  return (reply as [string, number, string[]][]).map(([id, deliveries, fields]) => ({
    id,
    deliveries,
    fields,
  }));
}
