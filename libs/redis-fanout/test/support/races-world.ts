import { randomInt } from 'node:crypto';
import { EventEmitter, once } from 'node:events';

import {
  connectRedis,
  type DeliveryWorker,
  Fanout,
  type FanoutOptions,
  partitionOfUser,
  type Post,
  type PostEvent,
} from '../../src/index.js';
import { Keys } from '../../src/keys.js';
import { deliverAll, type Fixture } from './fixture.js';
import { RacesModel, type RacingPost, type Reading, textOf } from './races-model.js';

const PARTITIONS = 2;
/** Users of each partition; so many, and one more of the first, that authors have two to four followers in each. */
const USERS_OF_PARTITION = 3;
/** Events that a loop delivers at once, at most. */
const BATCH = 8;

type RaceOptions = Pick<Required<FanoutOptions>, 'pushMaxFollowers' | 'timelineMaxEntries'>;

/** Which part of a timeline to read. */
interface Part {
  readonly limit: number;
  readonly pages: number;
  /** Default: the head. */
  readonly from?: Place | undefined;
  readonly since?: string | undefined;
}

/** Where a page has ended. */
interface Place {
  readonly cursor: string;
  readonly below: string;
}

/** The head, above all ids. */
const HEAD = { cursor: undefined, below: '~' };

/**
 * A fan-out that runs as two instances, as in two processes: each has a connection, a memory and a worker of its own. A loop
 * beside each worker delivers what is on its way, too, and some of what has arrived again. The users read, publish, and
 * follow each other; one more follows them all, of whom nobody hides.
 */
export class RacesWorld {
  readonly model = new RacesModel();
  /** What was read against the promises. */
  readonly breaches: string[] = [];
  readonly users = [...usersIn(0).slice(1), ...usersIn(1).slice(1)];
  /** Follows all users from the beginning to the end. */
  readonly stayer = usersIn(0)[0] ?? '';
  /** A breach like this ends the race. */
  lookedFor = /./;
  private readonly outbox = new EventEmitter();
  /** Where reads of each reader have ended. */
  private readonly places = new Map<string, Place>();
  private readonly background: Promise<void>[] = [];
  private workers: DeliveryWorker[] = [];
  private running = true;

  private constructor(
    private readonly fixture: Fixture,
    readonly instances: readonly [Fanout, Fanout],
    private readonly keys: Keys,
    private readonly disconnect: () => void,
  ) {}

  static async open(fixture: Fixture, options: RaceOptions): Promise<RacesWorld> {
    const settings = { ...options, partitions: PARTITIONS };
    const first = await fixture.open(settings);
    const { prefix } = fixture;
    const client = connectRedis(fixture.url);
    const second = await Fanout.open({ ...settings, client, prefix });
    const world = new RacesWorld(fixture, [first, second], new Keys(PARTITIONS, prefix), () => {
      client.disconnect();
    });
    await world.start();
    return world;
  }

  /** Whether there is anything left to find out. */
  get goesOn(): boolean {
    return this.running && !this.breaches.some((breach) => this.lookedFor.test(breach));
  }

  /** The instances in any order: one to change something, the other to read. */
  inAnyOrder(): readonly [Fanout, Fanout] {
    const [first, second] = this.instances;
    return randomInt(2) === 0 ? [first, second] : [second, first];
  }

  async publish(author: string): Promise<void> {
    const { post } = await this.inAnyOrder()[0].posts.publish({ author, text: textOf(0) });
    this.model.published(post.id, author);
    this.outbox.emit('news');
  }

  async roundTrip(): Promise<void> {
    await this.fixture.client.ping();
  }

  /** As when nobody has read it for long. */
  async dropTimeline(reader: string): Promise<void> {
    await this.fixture.client.del(this.keys.timeline(reader));
  }

  /** Reads a part of a timeline, and takes note of what breaks a promise. */
  async read(fanout: Fanout, reader: string, part: Part = this.anyPart(reader)): Promise<void> {
    const begun = this.model.now();
    const { limit, pages, since = '', from = HEAD } = part;
    const items: Post[] = [];
    let cursor: string | undefined = from.cursor;
    let left = pages;
    do {
      const page = await fanout.timelines.page(reader, { limit, cursor, since });
      if (page.nextCursor !== null && page.items.length < limit)
        this.breaches.push(`${reader} reads a short page`);
      items.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && --left > 0);
    const end = items.at(-1)?.id;
    if (cursor !== undefined && end !== undefined) this.places.set(reader, { cursor, below: end });
    const above = cursor === undefined ? since : (end ?? '');
    this.judge({ reader, begun, items, below: from.below, above });
  }

  /** Reads the newest of an author's own posts, as anyone may. */
  async visit(fanout: Fanout, author: string): Promise<void> {
    const begun = this.model.now();
    const { items } = await fanout.timelines.pageOfAuthor(author, { limit: 5 });
    this.judge({ reader: `a visitor of ${author}`, begun, items, below: '', above: '' });
  }

  /** Ends what runs in the background, and delivers what is left. */
  async settle(): Promise<void> {
    await this.stop();
    await deliverAll(this.instances[0], this.fixture.client);
  }

  async close(): Promise<void> {
    await this.stop();
    this.disconnect();
  }

  private judge(reading: Reading): void {
    const breach = this.model.breachOf(reading);
    if (breach !== undefined) this.breaches.push(breach);
  }

  /** Mostly the first page, now and then past the end of the live timeline, on from an earlier page, what is new, or all. */
  private anyPart(reader: string): Part {
    const draw = randomInt(1000);
    if (draw === 0) return { limit: 100, pages: Infinity };
    if (draw < 40) return { limit: 10, pages: 3 };
    const few = { limit: 1 + randomInt(4), pages: 1 };
    if (draw < 300) return { ...few, from: this.places.get(reader) };
    if (draw < 400) return { ...few, since: this.model.posts.at(-randomInt(1, 10))?.id };
    return few;
  }

  private async start(): Promise<void> {
    await Promise.all(
      [this.stayer, ...this.users].flatMap((reader) =>
        this.users
          .filter((author) => author !== reader)
          .map(async (author) => {
            const answered = this.model.change(reader, author, true, 'follow');
            await this.instances[0].follows.follow(reader, author);
            answered();
          }),
      ),
    );
    await Promise.all(this.users.flatMap((author) => [this.publish(author), this.publish(author)]));
    this.workers = this.instances.map((fanout) => fanout.startDelivering());
    this.background.push(...this.instances.map(async (fanout) => this.deliver(fanout)));
  }

  private async stop(): Promise<void> {
    this.running = false;
    this.outbox.emit('news');
    await Promise.all([...this.background, ...this.workers.splice(0).map(async (worker) => worker.stop())]);
  }

  private async deliver(fanout: Fanout): Promise<void> {
    while (this.running) {
      const waiting = this.model.posts.filter(({ delivered }) => delivered === undefined);
      if (waiting.length === 0) {
        await once(this.outbox, 'news');
        continue;
      }
      const news = waiting.slice(0, 1 + randomInt(BATCH));
      const again = this.model.posts.slice(-randomInt(1, 100)).slice(0, randomInt(2));
      await fanout.deliverer.deliver([...news.map(publishedEvent), ...again.map(anyEvent)]);
      for (const post of news) post.delivered ??= this.model.now();
    }
  }
}

function publishedEvent({ id, author }: RacingPost): PostEvent {
  return { kind: 'published', id, author };
}

/** An event that has been delivered, maybe with a later one after it: they come again in any order. */
function anyEvent(post: RacingPost): PostEvent {
  return {
    ...publishedEvent(post),
    kind: post.deleted !== undefined && randomInt(2) === 0 ? 'deleted' : 'published',
  };
}

/** Names of users that live in a partition. */
function usersIn(partition: number): string[] {
  const names = Array.from({ length: 100 }, (_, i) => `u${i}`);
  return names
    .filter((name) => partitionOfUser(name, PARTITIONS) === partition)
    .slice(0, 1 + USERS_OF_PARTITION);
}
