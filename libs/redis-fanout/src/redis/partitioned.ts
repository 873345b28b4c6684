import calculateSlot from 'cluster-key-slot';

import { isStorageUnavailable, StorageUnavailableError } from '../errors.js';
import type { Keys } from '../keys.js';
import { isCluster, type RedisClient } from './client.js';
import type { Argument } from './script.js';

/** A plain command on keys of one partition. */
export interface PartitionCommand {
  readonly partition: number;
  readonly command: readonly [name: string, ...args: Argument[]];
}

/** Commands of one pipeline at most. */
const MAX_PIPELINE = 1000;

/** Sends what belongs to several partitions with as few round trips as there are nodes that hold them. */
export class PartitionedRedis {
  constructor(
    readonly client: RedisClient,
    readonly keys: Keys,
  ) {}

  /**
   * The replies in the order of the commands: one pipeline for each node concerned, all at the same time. Of more than
   * a thousand commands to a node one after the other, so that others get their turn.
   */
  async pipeline(commands: readonly PartitionCommand[]): Promise<unknown[]> {
    const replies = new Array<unknown>(commands.length);
    await Promise.all(
      this.byNode(commands).map(async (indexes) => {
        for (let from = 0; from < indexes.length; from += MAX_PIPELINE) {
          await this.send(commands, indexes.slice(from, from + MAX_PIPELINE), replies);
        }
      }),
    );
    return replies;
  }

  private async send(
    commands: readonly PartitionCommand[],
    indexes: readonly number[],
    replies: unknown[],
  ): Promise<void> {
    const pipeline = this.client.pipeline();
    for (const index of indexes) {
      const command = commands[index]?.command;
      if (command !== undefined) pipeline.call(...command);
    }
    const results = await unavailableAsSuch(pipeline.exec());
    results?.forEach(([error, reply], i) => {
      if (error !== null) throw asFanoutError(error);
      replies[indexes[i] ?? -1] = reply;
    });
  }

  private byNode(commands: readonly PartitionCommand[]): number[][] {
    const groups = new Map<string, number[]>();
    commands.forEach(({ partition }, index) => {
      const node = this.nodeOf(partition);
      const group = groups.get(node);
      if (group === undefined) groups.set(node, [index]);
      else group.push(index);
    });
    return [...groups.values()];
  }

  /**
   * Names the node that holds a partition. ioredis keeps the nodes that serve each slot, the master first; it refuses a
   * pipeline that spans two of them.
   */
  nodeOf(partition: number): string {
    if (!isCluster(this.client)) return '';
    const slot = calculateSlot(this.keys.lastId(partition));
    return this.client.slots[slot]?.join() ?? String(partition);
  }
}

/** Lets an error through as one of the library's own where it tells that Redis cannot serve. */
export async function unavailableAsSuch<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    throw asFanoutError(error);
  }
}

/** An error as the library throws it. */
export function asFanoutError(error: unknown): unknown {
  return isStorageUnavailable(error) && !(error instanceof StorageUnavailableError)
    ? new StorageUnavailableError(error)
    : error;
}
