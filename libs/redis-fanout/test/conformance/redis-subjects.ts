import {
  type Capabilities,
  connectRedis,
  isCluster,
  LIST_CAPABILITIES,
  PUBSUB_CAPABILITIES,
  openLists,
  openStreams,
  openTimelines,
  type RedisClient,
  STREAM_CAPABILITIES,
  type StrategyOptions,
  TIMELINE_CAPABILITIES,
} from '../../src/index.js';
import { openPubSub } from '../../src/strategies/pubsub/pubsub.js';
import { Fixture } from '../support/fixture.js';
import { EXTREME_NAME, EXTREME_USER, MAX_ATTEMPTS } from './extremes.js';
import type { Place, Process, ProcessOptions, Subject } from './subject.js';

type Connection = Required<Pick<StrategyOptions, 'client' | 'prefix'>>;
/** Opens a strategy, or something else that is closed with it. */
type Open = (
  connection: Connection,
  options: ProcessOptions,
) => Promise<{ readonly close: () => Promise<void> }>;

/** Processes of one place that have a connection of their own; further ones share them. */
const CONNECTIONS = 3;

/** A private Redis for tests, and the strategies on it. */
export class RedisStage {
  private fixture: Fixture | undefined;
  private clients: readonly RedisClient[] = [];
  private places = 0;

  constructor(private readonly kind: 'standalone' | 'cluster') {}

  async start(): Promise<void> {
    const fixture = (this.fixture = await Fixture[this.kind]());
    this.clients = Array.from({ length: CONNECTIONS }, () => connectRedis(fixture.url));
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.disconnect();
    await this.fixture?.stop();
  }

  get subjects(): readonly Subject[] {
    return [this.pubSub, this.lists, this.timelines, this.streams];
  }

  get pubSub(): Subject {
    return this.subject('Pub/Sub', PUBSUB_CAPABILITIES, openPubSub);
  }

  get lists(): Subject {
    return this.subject('lists', LIST_CAPABILITIES, openLists);
  }

  /** All recipients of a source are served by one call of a script. */
  get listsInOnePartition(): Subject {
    return this.subject('lists in one partition', LIST_CAPABILITIES, async (connection) =>
      openLists({ ...connection, partitions: 1 }),
    );
  }

  get streams(): Subject {
    return this.subject('streams', STREAM_CAPABILITIES, async (connection, options) =>
      openStreams({ ...connection, ...options, maxAttempts: MAX_ATTEMPTS }),
    );
  }

  /** What several processes deliver may be handed to listeners in another order, so one of the place's own does it all. */
  get timelines(): Subject {
    const open: Open = async (connection) => openTimelines({ ...connection, deliver: false });
    const worker: Open = async (connection) => openTimelines({ ...connection, deliver: true });
    return this.subject('timelines', TIMELINE_CAPABILITIES, open, worker, EXTREME_USER);
  }

  private subject(
    name: string,
    capabilities: Capabilities,
    open: Open,
    worker?: Open,
    extremeName = EXTREME_NAME,
  ): Subject {
    return {
      name: `${name} on ${this.kind} Redis`,
      capabilities,
      extremeName,
      place: () => this.place(open, worker),
    };
  }

  private place(open: Open, startWorker?: Open): Place {
    const prefix = `place-${++this.places}`;
    let processes = 0;
    let worker: ReturnType<Open> | undefined;
    const connection = (): Connection => {
      const client = this.clients[processes++ % CONNECTIONS];
      if (client === undefined) throw new Error('Redis was not started');
      return { client, prefix };
    };
    return {
      open: async (options = {}) => {
        await (worker ??= startWorker?.(connection(), {}));
        return (await open(connection(), options)) as Process;
      },
      cutConnections: async () => this.cutConnections(),
      end: async () => (await worker)?.close(),
    };
  }

  private async cutConnections(): Promise<void> {
    const [client] = this.clients;
    if (client === undefined) return;
    const nodes = isCluster(client) ? client.nodes('all') : [client];
    await Promise.all(nodes.map(async (node) => node.call('CLIENT', 'KILL', 'TYPE', 'pubsub')));
  }
}
