import { isCluster } from './client.js';
import {
  asFanoutError,
  type PartitionCommand,
  type PartitionedRedis,
  unavailableAsSuch,
} from './partitioned.js';

type Command = PartitionCommand['command'];
type Result = [error: Error | null, reply: unknown];

/** What one caller reads in a partition, in this order. Of all callers of the same time texts are fetched by one command. */
export interface Reading {
  readonly partition: number;
  /** Keys of texts. */
  readonly before?: readonly string[];
  readonly commands: readonly Command[];
  /** Keys of texts: many callers look at the same. */
  readonly after?: readonly string[];
  readonly last?: readonly Command[];
}

/** The replies, in the same order; null for a text that is not there. */
export interface ReadingReplies {
  readonly before: readonly (string | null)[];
  readonly commands: readonly unknown[];
  readonly after: readonly (string | null)[];
  readonly last: readonly unknown[];
}

/** A reading that waits for its replies. */
interface Waiting {
  readonly reading: Required<Reading>;
  readonly resolve: (replies: ReadingReplies) => void;
  readonly reject: (error: unknown) => void;
}

/** Readings that go together; what comes when there are so many goes with the next. */
const MAX_READINGS = 64;

/**
 * Sends what is read in the same turn of the event loop as one pipeline: many pages at once take half of the processor time so,
 * of Redis as of the process. Everything is sent after its call: so it shows what was answered to anybody before. On a cluster
 * each partition has a pipeline of its own.
 */
export class BatchedReads {
  /** Those that more can join, by their partition, or 0 where there is one pipeline for all. */
  private readonly open = new Map<number, Waiting[]>();

  constructor(private readonly redis: PartitionedRedis) {}

  /** @throws StorageUnavailableError */
  async read(reading: Reading): Promise<ReadingReplies> {
    return new Promise((resolve, reject) => {
      const place = isCluster(this.redis.client) ? reading.partition : 0;
      const batch = this.open.get(place) ?? this.begin(place);
      batch.push({ reading: { before: [], after: [], last: [], ...reading }, resolve, reject });
      if (batch.length === MAX_READINGS) this.open.delete(place);
    });
  }

  private begin(place: number): Waiting[] {
    const batch: Waiting[] = [];
    this.open.set(place, batch);
    setImmediate(() => {
      if (this.open.get(place) === batch) this.open.delete(place);
      void this.send(batch);
    });
    return batch;
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    const readings = batch.map(({ reading }) => reading);
    const before = new SharedTexts(readings.flatMap((reading) => reading.before));
    const after = new SharedTexts(readings.flatMap((reading) => reading.after));
    try {
      const results = await this.run([
        ...before.commands,
        ...readings.flatMap(({ commands }) => commands),
        ...after.commands,
        ...readings.flatMap((reading) => reading.last),
      ]);
      before.take(results);
      const replies = readings.map(({ commands }) => results.splice(0, commands.length));
      after.take(results);
      const last = readings.map((reading) => results.splice(0, reading.last.length));
      batch.forEach(({ reading, resolve, reject }, i) => {
        try {
          resolve({
            before: before.of(reading.before),
            commands: repliesOf(replies[i] ?? []),
            after: after.of(reading.after),
            last: repliesOf(last[i] ?? []),
          });
        } catch (error) {
          reject(error);
        }
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  private async run(commands: readonly Command[]): Promise<Result[]> {
    const pipeline = this.redis.client.pipeline();
    for (const command of commands) pipeline.call(...command);
    return (await unavailableAsSuch(pipeline.exec())) ?? [];
  }
}

/** Texts that are fetched once for all who want them. */
class SharedTexts {
  private readonly keys: readonly string[];
  private error: unknown;
  private texts = new Map<string, string | null>();

  constructor(keys: readonly string[]) {
    this.keys = [...new Set(keys)];
  }

  get commands(): Command[] {
    return this.keys.length === 0 ? [] : [['MGET', ...this.keys]];
  }

  /** Takes its own from the beginning of results. */
  take(results: Result[]): void {
    for (const [error, reply] of results.splice(0, this.commands.length)) {
      this.error = error;
      this.texts = new Map(
        this.keys.map((key, i) => [key, (reply as (string | null)[] | undefined)?.[i] ?? null]),
      );
    }
  }

  /** @throws what Redis refused them with */
  of(keys: readonly string[]): (string | null)[] {
    if (this.error instanceof Error) throw asFanoutError(this.error);
    return keys.map((key) => this.texts.get(key) ?? null);
  }
}

/** @throws the first error among them, which is no other caller's */
function repliesOf(results: readonly Result[]): unknown[] {
  return results.map(([error, reply]) => {
    if (error !== null) throw asFanoutError(error);
    return reply;
  });
}
