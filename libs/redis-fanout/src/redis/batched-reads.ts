import { isCluster } from './client.js';
import {
  asFanoutError,
  type PartitionCommand,
  type PartitionedRedis,
  unavailableAsSuch,
} from './partitioned.js';

type Command = PartitionCommand['command'];
type Result = [error: Error | null, reply: unknown];

/** What one caller reads in a partition, in this order. */
export interface Reading {
  readonly partition: number;
  readonly first: readonly Command[];
  /** Texts to look at. Callers of the same time look at the same ones mostly, and these are fetched once for all. */
  readonly keys: readonly [string, ...string[]];
  readonly then: readonly Command[];
}

export interface ReadingReplies {
  readonly first: readonly unknown[];
  /** What the keys hold; null where nothing is there. */
  readonly texts: readonly (string | null)[];
  readonly then: readonly unknown[];
}

/** A reading that waits for its replies. */
interface Waiting {
  readonly reading: Reading;
  readonly resolve: (replies: ReadingReplies) => void;
  readonly reject: (error: unknown) => void;
}

/** Readings that go together; what comes when there are so many goes with the next. */
const MAX_READINGS = 64;

/**
 * Sends what is read in the same turn of the event loop as one pipeline, which takes half of the processor time, of Redis as of
 * the process. Everything is sent after its call: so it shows what was answered to anybody before. On a cluster each
 * partition has a pipeline of its own.
 */
export class BatchedReads {
  /** By place, see `placeOf`. */
  private readonly open = new Map<number, Waiting[]>();

  constructor(private readonly redis: PartitionedRedis) {}

  /** @throws StorageUnavailableError */
  async read(reading: Reading): Promise<ReadingReplies> {
    return new Promise((resolve, reject) => {
      const place = this.placeOf(reading);
      const batch = this.open.get(place) ?? this.begin(place);
      batch.push({ reading, resolve, reject });
      if (batch.length === MAX_READINGS) this.open.delete(place);
    });
  }

  private placeOf({ partition }: Reading): number {
    return isCluster(this.redis.client) ? partition : 0;
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
    const keys = [...new Set(batch.flatMap(({ reading }) => reading.keys))];
    const commands: Command[] = [
      ...batch.flatMap(({ reading }) => reading.first),
      ['MGET', ...keys],
      ...batch.flatMap(({ reading }) => reading.then),
    ];
    const pipeline = this.redis.client.pipeline();
    for (const command of commands) pipeline.call(...command);
    try {
      const results = (await unavailableAsSuch(pipeline.exec())) ?? [];
      const firsts = batch.map(({ reading }) => results.splice(0, reading.first.length));
      const look = results.splice(0, 1);
      const thens = batch.map(({ reading }) => results.splice(0, reading.then.length));
      batch.forEach(({ reading, resolve, reject }, i) => {
        try {
          const [texts] = repliesOf(look) as [(string | null)[]];
          resolve({
            first: repliesOf(firsts[i] ?? []),
            texts: reading.keys.map((key) => texts[keys.indexOf(key)] ?? null),
            then: repliesOf(thens[i] ?? []),
          });
        } catch (error) {
          reject(error);
        }
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

/** @throws the first error among them, which is no other caller's */
function repliesOf(results: readonly Result[]): unknown[] {
  return results.map(([error, reply]) => {
    if (error !== null) throw asFanoutError(error);
    return reply;
  });
}
