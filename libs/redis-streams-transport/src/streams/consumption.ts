import { type LoggerService } from '@nestjs/common';

import { errorText } from '../errors.js';
import { type RedisClient } from '../redis/redis-client.js';
import { type Lane } from '../timing.js';
import { type Run } from './runs.js';
import { type StreamKeys } from './stream-keys.js';
import { type StreamsSettings } from './streams-options.js';

/** Calls the handlers of a run; rejects where there is none, or one fails. */
export type Deliver = (stream: string, run: Run) => Promise<void>;

/** What the parts that consume one stream share. */
export interface Consumption {
  readonly keys: StreamKeys;
  readonly settings: StreamsSettings;
  /** The connection for everything that does not block. */
  readonly commands: RedisClient;
  readonly deliver: Deliver;
  readonly logger: LoggerService;
  /** Of all streams of this process: one suspect is handled at a time, so that its neighbours do not die with it. */
  readonly suspects: Lane;
  /** Aborted when no more work may be taken. */
  readonly stopping: AbortSignal;
  /** Aborted when the connections are gone. */
  readonly closed: AbortSignal;
}

/** Creates the group where it does not exist, from the beginning of the stream: nothing that is in it is skipped. */
export async function ensureGroup({ commands, keys, settings }: Consumption): Promise<void> {
  try {
    await commands.xgroup('CREATE', keys.stream, settings.group, '0', 'MKSTREAM');
  } catch (error) {
    if (!errorText(error).includes('BUSYGROUP')) throw error;
  }
}

/** Whether the error says that Redis has lost the stream or the group. */
export function isGroupMissing(error: unknown): boolean {
  return /NOGROUP|UNBLOCKED|no such key|requires the key to exist/.test(errorText(error));
}
