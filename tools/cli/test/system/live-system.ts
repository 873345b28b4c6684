import { Redis } from 'ioredis';
import { Fanout } from 'redis-fanout';
import { onCleanUp, ownRedis } from 'test-support';

import { type ImportLine, partitionOf, untilSettled } from '../../src/index.js';
import { RunningService } from './running-services.js';

/** Something that happened in a partition. */
export interface Happening {
  /** Where a client is that was told of it. */
  readonly position: string;
  readonly event: 'post' | 'edited' | 'deleted' | 'message';
  readonly id: string;
  readonly author: string;
  /** The recipient of a message. */
  readonly to: string | undefined;
}

/** Who follows whom: every client the first author, and some of the others. */
export class Graph {
  readonly clients: readonly string[];
  readonly authors: readonly string[];
  readonly lines: readonly ImportLine[];
  private readonly follows: ReadonlySet<string>;

  constructor(clients: number, authors: number, random: () => number) {
    this.clients = Array.from({ length: clients }, (_, i) => `client-${i}`);
    this.authors = Array.from({ length: authors }, (_, i) => `author-${i}`);
    this.lines = this.clients.flatMap((client) =>
      this.authors
        .filter((_, i) => i === 0 || random() < 0.3)
        .map((author): ImportLine => ({ follow: [client, author] })),
    );
    this.follows = new Set(this.lines.map((line) => JSON.stringify(line)));
  }

  has(client: string, author: string): boolean {
    return this.follows.has(JSON.stringify({ follow: [client, author] }));
  }
}

/** What writes and delivers, and some notifiers, as processes of their own on a Redis of their own. */
export class LiveSystem {
  kills = 0;

  private constructor(
    private readonly redis: Redis,
    readonly posts: RunningService,
    private readonly worker: RunningService,
    readonly notifiers: readonly RunningService[],
  ) {}

  /** Stopped by `cleanUp`. The environment goes to every service. */
  static async start(notifiers: number, env: NodeJS.ProcessEnv = {}): Promise<LiveSystem> {
    const { url } = await ownRedis();
    const redis = new Redis(url);
    onCleanUp(() => {
      redis.disconnect();
    });
    const names = [
      'post-service',
      'fanout-worker',
      ...Array.from({ length: notifiers }, () => 'notifier'),
    ] as const;
    const settings = { REDIS_URL: url, RATE_LIMIT_POSTS_PER_MINUTE: '0', ...env };
    const [posts, worker, ...rest] = await Promise.all(names.map(async (name) => start(name, settings)));
    if (posts === undefined || worker === undefined) throw new Error('they did not start');
    return new LiveSystem(redis, posts, worker, rest);
  }

  /** Calls post-service. @returns what it answers, where it answers anything */
  async send<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.posts.url}${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** Kills the notifiers in turn, each once the one before is back, and breaks the subscriptions of the others. */
  async killInTurn(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const notifier = this.notifiers[this.kills % this.notifiers.length];
      await notifier?.killAndRestart();
      await notifier?.ready();
      this.kills++;
      await this.redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    }
  }

  /** How many connections the notifiers hold. */
  async connections(): Promise<number> {
    const counts = this.notifiers.map(async ({ url }) => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      return Number(/^notifier_connections\{[^}]*\} (\d+)$/m.exec(metrics)?.[1]);
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  /** What happened in each partition, in order, once everything is delivered. */
  async histories(): Promise<Happening[][]> {
    await untilSettled(this.worker.url);
    const { outboxes } = await Fanout.open({ client: this.redis });
    return Promise.all(
      outboxes.map(async (outbox, partition) => {
        const entries = await this.redis.xrange(outbox.replace(/outbox$/, 'deliveries'), '-', '+');
        return entries.flatMap(([entryId, [, events = '']]) =>
          events.split(',').map((event, i) => toHappening(positionOf(partition, entryId, i), event)),
        );
      }),
    );
  }
}

/** What of it all concerns a client, in order. */
export function concerning(
  client: string,
  graph: Pick<Graph, 'has'>,
  histories: readonly Happening[][],
): Happening[] {
  const history = histories[partitionOf(client, histories.length)] ?? [];
  return history.filter(({ author, to }) => (to === undefined ? graph.has(client, author) : to === client));
}

/** The position of an event by where it stands in an entry. */
function positionOf(partition: number, entryId: string, index: number): string {
  const [ms = '', sequence = ''] = entryId.split('-');
  return `${String(partition).padStart(3, '0')}-${ms}-${Number(sequence) * 10 + index}`;
}

/** What is stored of a post that was published is `<id><author>`; of all else `<kind> <id><author> <detail>`. */
function toHappening(position: string, event: string): Happening {
  const [kind = '', name = '', detail] = /^\d/.test(event) ? ['published', event] : event.split(' ');
  return {
    position,
    event: (kind === 'published' ? 'post' : kind) as Happening['event'],
    id: name.slice(0, 19),
    author: name.slice(19),
    to: kind === 'message' ? detail : undefined,
  };
}

async function start(name: string, env: NodeJS.ProcessEnv): Promise<RunningService> {
  const service = await RunningService.start(name, env);
  onCleanUp(() => service.stop());
  return service;
}
