import { type RedisClient } from '../redis/redis-client.js';
import { type StreamKeys } from '../streams/stream-keys.js';
import { defineScript, runScript } from './script.js';

export const readBacklogScript = defineScript('read-backlog', ['stream', 'deadLetters'], ['group']);

/** How far a group is behind on one stream. */
export interface StreamBacklog {
  readonly stream: string;
  /** Entries that no consumer of the group has been given yet. */
  readonly waiting: number;
  /** Entries that a consumer was given and has not acknowledged. */
  readonly pending: number;
  /** The age in milliseconds of the oldest entry not acknowledged, by the clock of Redis; 0 where there is none. */
  readonly oldestMs: number;
  /** Entries given up, which wait for somebody to replay or remove them. */
  readonly deadLetters: number;
}

/** Reads the backlog in one step. Zeros where the stream does not exist; all of it where the group does not. */
export async function readBacklog(
  client: RedisClient,
  { stream, deadLetters }: StreamKeys,
  group: string,
): Promise<StreamBacklog> {
  const reply = await runScript(client, readBacklogScript, {
    keys: { stream, deadLetters },
    args: { group },
  });
  const [waiting = 0, pending = 0, oldestMs = 0, dead = 0] = reply as number[];
  return { stream, waiting, pending, oldestMs, deadLetters: dead };
}
