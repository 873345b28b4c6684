import { settingsKey } from '../keys.js';
import { MAX_PARTITIONS } from '../partitions.js';
import { checkWhole } from '../strategies/checks.js';
import type {
  ListStrategy,
  PubSubStrategy,
  StreamStrategy,
  TimelineStrategy,
} from '../strategies/fanout-strategy.js';
import {
  type ListOptions,
  listSettings,
  type PubSubOptions,
  pubSubSettings,
  type StrategyOptions,
  type StreamOptions,
  streamSettings,
  timelineSettings,
} from '../strategies/strategy-options.js';
import type { TimelineOptions } from '../strategies/timelines/timelines.js';
import { Line } from './line.js';
import { ListStore, MemoryLists } from './memory-lists.js';
import { MemoryPubSub, PubSubStore } from './memory-pubsub.js';
import { MemoryStreams, StreamStore } from './memory-streams.js';
import { MemoryTimelines, TimelineStore } from './memory-timelines.js';

/** The options of a strategy, without the connection that its twin does not need. */
export type MemoryOptions<Options extends StrategyOptions> = Omit<Options, 'client'>;

/**
 * Stands for a Redis in the tests of those who use the library: each of its strategies keeps the promises of the real one,
 * in the memory of this process. Every opening is like another process on the same Redis; what they share is parted by
 * `prefix` and by kind, and gone with the broker.
 *
 * Times are those of `Date.now()`, so fake timers move leases and idempotency keys along.
 */
export class MemoryBroker {
  private readonly line = new Line();
  private readonly pubSubs = new Stores(() => new PubSubStore(this.line));
  private readonly lists = new Stores(() => new ListStore(this.line));
  private readonly timelines = new Stores(() => new TimelineStore(this.line));
  private readonly streams = new Stores(() => new StreamStore(this.line));

  /** The twin of `openPubSub`. @throws InvalidOptionError */
  openPubSub<Payload>(options: MemoryOptions<PubSubOptions> = {}): Promise<PubSubStrategy<Payload>> {
    return opened(() => {
      const settings = { ...pubSubSettings(options), sharded: options.sharded ?? false };
      return new MemoryPubSub<Payload>(this.pubSubs.of(options), settings);
    });
  }

  /** The twin of `openLists`. @throws InvalidOptionError */
  openLists<Payload>(options: MemoryOptions<ListOptions> = {}): Promise<ListStrategy<Payload>> {
    return opened(() => new MemoryLists<Payload>(this.lists.of(options), listSettings(options)));
  }

  /** The twin of `openTimelines`; what tells how to push, pull and deliver changes nothing here. @throws InvalidOptionError */
  openTimelines<Payload>(options: MemoryOptions<TimelineOptions> = {}): Promise<TimelineStrategy<Payload>> {
    return opened(() => new MemoryTimelines<Payload>(this.timelines.of(options), timelineSettings(options)));
  }

  /** The twin of `openStreams`. @throws InvalidOptionError */
  openStreams<Payload>(options: MemoryOptions<StreamOptions> = {}): Promise<StreamStrategy<Payload>> {
    return opened(() => new MemoryStreams<Payload>(this.streams.of(options), streamSettings(options)));
  }

  /**
   * Loses all connections while a function runs: what is published meanwhile reaches no live listener, and wakes nobody
   * who takes. Then those of Pub/Sub are told of the gap, those of timelines have what came meanwhile, and those who take
   * look again. Operations go on all the time.
   */
  async interrupt(during: () => Promise<void>): Promise<void> {
    await this.line.interrupt(during);
  }
}

/** What the openings of one kind share, by prefix. */
class Stores<Store> {
  private readonly stores = new Map<string, Store>();

  constructor(private readonly create: () => Store) {}

  /** @throws InvalidOptionError */
  of({
    prefix = 'fanout',
    partitions = 1,
  }: {
    readonly prefix?: string;
    readonly partitions?: number;
  }): Store {
    checkWhole('partitions', partitions, 1, MAX_PARTITIONS);
    const name = settingsKey(prefix);
    const store = this.stores.get(name) ?? this.create();
    this.stores.set(name, store);
    return store;
  }
}

/** What an opening throws is a rejection. */
function opened<Strategy>(open: () => Strategy): Promise<Strategy> {
  return new Promise((resolve) => {
    resolve(open());
  });
}
