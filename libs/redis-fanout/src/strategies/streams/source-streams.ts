import { acknowledgeEntries } from '../../lua/acknowledge-entries.js';
import { appendEntry, type AppendOutcome } from '../../lua/append-entry.js';
import { createGroup } from '../../lua/create-group.js';
import { destroyGroup } from '../../lua/destroy-group.js';
import { giveBackEntries } from '../../lua/give-back-entries.js';
import { type GroupBacklog, readStreamBacklog } from '../../lua/read-stream-backlog.js';
import type { HandedOut } from '../../lua/handed-out.js';
import { readEntries } from '../../lua/read-entries.js';
import { renewEntries } from '../../lua/renew-entries.js';
import { replayEntries } from '../../lua/replay-entries.js';
import { resolveDeadLetter } from '../../lua/resolve-dead-letter.js';
import { namedFields, type StreamEntry } from '../../lua/stream-entry.js';
import { takeEntries } from '../../lua/take-entries.js';
import { type PartitionedRedis, unavailableAsSuch } from '../../redis/partitioned.js';
import type { streamSettings } from '../strategy-options.js';
import { compareEntries } from './message-id.js';

type StreamKeys = Record<'stream' | 'deadLetters', string>;

/** The streams in Redis, one for each source, with a consumer group for each recipient: each call is one script. */
export class SourceStreams {
  constructor(
    private readonly redis: PartitionedRedis,
    private readonly settings: ReturnType<typeof streamSettings>,
  ) {}

  async append(
    source: string,
    payload: string,
    { key, windowMs }: { readonly key: string; readonly windowMs: number },
  ): Promise<AppendOutcome> {
    const { keys, client } = this.redis;
    const names = {
      stream: keys.stream(source),
      count: keys.streamCount(source),
      appended: keys.appended(source, key),
    };
    const maxMessages = this.settings.streamMaxMessages;
    const args = { payload, windowMs, maxMessages, wakeChannel: keys.streamWake(source) };
    return unavailableAsSuch(appendEntry(client, names, args));
  }

  /** Undefined where the recipient has no group on the stream. */
  async take(
    recipient: string,
    source: string,
    limit: number,
    leaseMs: number,
  ): Promise<StreamEntry[] | undefined> {
    const { maxAttempts, maxDeadLetters } = this.settings;
    const args = { group: recipient, limit, leaseMs, maxAttempts, maxDeadLetters };
    try {
      return await takeEntries(this.redis.client, this.keysOf(recipient, source), args);
    } catch (error) {
      if (error instanceof Error && error.message.includes('NOGROUP')) return undefined;
      return unavailableAsSuch(Promise.reject(error as Error));
    }
  }

  async read(recipient: string, source: string, from: string, limit: number): Promise<StreamEntry[]> {
    const { stream } = this.keysOf(recipient, source);
    const args = { group: recipient, from, limit };
    return unavailableAsSuch(readEntries(this.redis.client, { stream }, args));
  }

  /** Answers how many were acknowledged by it. */
  async acknowledge(recipient: string, source: string, entries: readonly string[]): Promise<number> {
    const { stream } = this.keysOf(recipient, source);
    let sum = 0;
    for (let rest = [...entries].sort(compareEntries); rest.length > 0;) {
      const call = acknowledgeEntries(this.redis.client, { stream }, { group: recipient }, rest);
      const { acknowledged, done } = await unavailableAsSuch(call);
      sum += acknowledged;
      rest = rest.slice(done);
    }
    return sum;
  }

  async renew(
    recipient: string,
    source: string,
    entries: readonly HandedOut[],
    leaseMs: number,
  ): Promise<number> {
    const { stream } = this.keysOf(recipient, source);
    const args = { group: recipient, leaseMs };
    return unavailableAsSuch(renewEntries(this.redis.client, { stream }, args, entries));
  }

  async giveBack(recipient: string, source: string, entries: readonly HandedOut[]): Promise<number> {
    const { stream } = this.keysOf(recipient, source);
    const args = { group: recipient, wakeChannel: this.redis.keys.streamWake(source) };
    return unavailableAsSuch(giveBackEntries(this.redis.client, { stream }, args, entries));
  }

  async backlog(recipient: string, source: string): Promise<GroupBacklog> {
    const { stream } = this.keysOf(recipient, source);
    const names = { stream };
    return unavailableAsSuch(readStreamBacklog(this.redis.client, names, { group: recipient }));
  }

  /** False where the source has as many recipients as it can have. */
  async createGroup(recipient: string, source: string, after: string): Promise<boolean> {
    const { stream } = this.keysOf(recipient, source);
    const { largestAudience } = this.settings;
    const args = { group: recipient, after, largestAudience };
    return (await unavailableAsSuch(createGroup(this.redis.client, { stream }, args))) !== 'full';
  }

  async destroyGroup(recipient: string, source: string): Promise<void> {
    const names = this.keysOf(recipient, source);
    await unavailableAsSuch(destroyGroup(this.redis.client, names, { group: recipient }));
  }

  /** The newest entry; `0-0` where there is none. */
  async newest(source: string): Promise<string> {
    const stream = this.redis.keys.stream(source);
    const [entry] = await unavailableAsSuch(this.redis.client.xrevrange(stream, '+', '-', 'COUNT', 1));
    return entry?.[0] ?? '0-0';
  }

  async replay(recipient: string, source: string, after: string): Promise<boolean> {
    const { stream } = this.keysOf(recipient, source);
    const args = { group: recipient, after, wakeChannel: this.redis.keys.streamWake(source) };
    return unavailableAsSuch(replayEntries(this.redis.client, { stream }, args));
  }

  /** The dead letters of a recipient in one stream after one of them, with the ids that they have among themselves. */
  async deadLetters(
    recipient: string,
    source: string,
    from: string,
    limit: number,
  ): Promise<{ readonly position: string; readonly fields: ReadonlyMap<string, string> }[]> {
    const { deadLetters } = this.keysOf(recipient, source);
    const reply = this.redis.client.xrange(deadLetters, from, '+', 'COUNT', limit);
    return (await unavailableAsSuch(reply)).map(([position, flat]) => ({
      position,
      fields: namedFields(flat),
    }));
  }

  /** Takes a dead letter away, or hands it out again. False where there is none. */
  async resolveDeadLetter(recipient: string, source: string, id: string, again: boolean): Promise<boolean> {
    const { keys, client } = this.redis;
    const { stream, deadLetters } = this.keysOf(recipient, source);
    const names = { stream, count: keys.streamCount(source), deadLetters };
    const args = { group: recipient, id, again: again ? 1 : 0, wakeChannel: keys.streamWake(source) };
    return unavailableAsSuch(resolveDeadLetter(client, names, args));
  }

  private keysOf(recipient: string, source: string): StreamKeys {
    const { keys } = this.redis;
    return {
      stream: keys.stream(source),
      deadLetters: keys.deadLetters(source, recipient),
    };
  }
}
