import { startRedis, startRedisCluster } from 'embedded-redis';

import {
  connectRedis,
  Fanout,
  type FanoutOptions,
  isCluster,
  isPostEvent,
  type RedisClient,
} from '../../src/index.js';

/** A private Redis, standalone or a cluster, and fan-outs on it that do not meet. */
export class Fixture {
  private count = 0;

  private constructor(
    readonly client: RedisClient,
    readonly url: string,
    private readonly stopServer: () => Promise<void>,
  ) {}

  static async standalone(settings: Record<string, string> = {}): Promise<Fixture> {
    const server = await startRedis({ settings });
    return new Fixture(connectRedis(server.url), server.url, server.stop);
  }

  static async cluster(): Promise<Fixture> {
    const cluster = await startRedisCluster({ masters: 3 });
    return new Fixture(connectRedis(cluster.url), cluster.url, cluster.stop);
  }

  async open(options: Omit<Partial<FanoutOptions>, 'client' | 'prefix'> = {}): Promise<Fanout> {
    return Fanout.open({ client: this.client, prefix: `test-${++this.count}`, ...options });
  }

  /** Opens the fan-out opened last once more, as another process does. */
  async reopen(options: Omit<Partial<FanoutOptions>, 'client' | 'prefix'> = {}): Promise<Fanout> {
    return Fanout.open({ client: this.client, prefix: this.prefix, ...options });
  }

  /** The prefix of the fan-out opened last. */
  get prefix(): string {
    return `test-${this.count}`;
  }

  /** The keys of the fan-out opened last that match a pattern. */
  async allKeys(pattern: string): Promise<string[]> {
    const nodes = isCluster(this.client) ? this.client.nodes('master') : [this.client];
    return (await Promise.all(nodes.map((node) => node.keys(`${this.prefix}:${pattern}`)))).flat();
  }

  async stop(): Promise<void> {
    this.client.disconnect();
    await this.stopServer();
  }
}

/** Delivers what waits in the outboxes, as a worker would, and leaves them empty. */
export async function deliverAll(fanout: Fanout, client: RedisClient): Promise<void> {
  await Promise.all(
    fanout.outboxes.map(async (_, partition) => {
      while ((await deliverSome(fanout, client, partition, 500)) > 0);
    }),
  );
}

/** Delivers the oldest events of one outbox, and takes them out of it. Answers how many there were. */
export async function deliverSome(
  fanout: Fanout,
  client: RedisClient,
  partition: number,
  count: number,
): Promise<number> {
  const outbox = fanout.outboxes[partition] ?? '';
  const entries = await client.xrange(outbox, '-', '+', 'COUNT', count);
  const events = entries.map(([, fields]) => JSON.parse(fields[3] ?? '') as unknown);
  await fanout.deliverer.deliver(events.filter(isPostEvent));
  if (entries.length > 0) await client.xdel(outbox, ...entries.map(([id]) => id));
  return entries.length;
}

/** All pages of a timeline; checks on the way that pages are full and end where they say. */
export async function wholeTimeline(fanout: Fanout, reader: string, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await fanout.timelines.page(reader, { limit, cursor });
    if (page.nextCursor !== null && page.items.length !== limit)
      throw new Error('a page is short before the end');
    const last = ids.at(-1);
    if (last !== undefined) {
      const [next] = page.items;
      if (next === undefined) throw new Error('a later page is empty');
      if (next.id >= last) throw new Error('a later page goes back');
    }
    ids.push(...page.items.map((post) => post.id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return ids;
}
