import { readBacklog, type StreamBacklog } from '../lua/read-backlog.js';
import { type RedisClient } from '../redis/redis-client.js';
import { type StreamKeys, toStreamKeys } from './stream-keys.js';
import { requireStreams, requireText } from './streams-options.js';

export interface StreamMonitorOptions {
  /** The client to ask with; stays its owner's to close. */
  readonly client: RedisClient;
  readonly streams: readonly (string | StreamKeys)[];
  readonly group: string;
}

/** Tells how far a consumer group is behind, for metrics, health and back-pressure. */
export class StreamMonitor {
  private readonly streams: readonly StreamKeys[];

  /** Throws InvalidOptionError. */
  constructor(private readonly options: StreamMonitorOptions) {
    this.streams = toStreamKeys(options.streams);
    requireStreams(this.streams, options.client);
    requireText('group', options.group);
  }

  /**
   * The backlog of each stream, in the order of the option; one short script a stream. A stream that does not exist has
   * zeros; a group that does not exist has the entire stream before it. Rejects as the client does.
   */
  async backlog(): Promise<StreamBacklog[]> {
    const { client, group } = this.options;
    return Promise.all(this.streams.map((keys) => readBacklog(client, keys, group)));
  }
}
