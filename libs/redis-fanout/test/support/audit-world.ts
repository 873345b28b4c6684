import { setImmediate } from 'node:timers/promises';

import { type Fanout, type TimelineFindings } from '../../src/index.js';
import { Keys } from '../../src/keys.js';
import { publishedAtMs } from '../../src/post-id.js';
import { deliverAll, type Fixture, wholeTimeline } from './fixture.js';

/** The id of no post. */
export const NEVER = '1000000000000000000';

/** A fan-out in which bob follows ann and cid, and dan is a stranger to him. */
export class World {
  private lastMs = 0;

  private constructor(
    readonly fixture: Fixture,
    readonly fanout: Fanout,
    readonly keys: Keys,
  ) {}

  static async open(fixture: Fixture, options: Parameters<Fixture['open']>[0] = {}): Promise<World> {
    const fanout = await fixture.open({ partitions: 3, ...options });
    const world = new World(fixture, fanout, new Keys(fanout.partitions, fixture.prefix));
    await fanout.follows.follow('bob', 'ann');
    await fanout.follows.follow('bob', 'cid');
    return world;
  }

  get timeline(): string {
    return this.keys.timeline('bob');
  }

  /** Ann's `recent` list where bob lives. */
  get recent(): string {
    return this.keys.recent(this.keys.partitionOf('bob'), 'ann');
  }

  /** Publishes in a millisecond of its own: ids of the same one sort by partition. */
  async publish(author: string): Promise<string> {
    while (Date.now() <= this.lastMs) await setImmediate();
    const { post } = await this.fanout.posts.publish({ author, text: 'text' });
    this.lastMs = publishedAtMs(post.id);
    return post.id;
  }

  /** Publishes posts of each in turn, and delivers them. Answers the ids, the newest first. */
  async publishAll(count: number, ...authors: string[]): Promise<string[]> {
    const ids: string[] = [];
    for (let i = 0; i < count; i++) for (const author of authors) ids.unshift(await this.publish(author));
    await deliverAll(this.fanout, this.fixture.client);
    return ids;
  }

  async read(reader = 'bob'): Promise<string[]> {
    return wholeTimeline(this.fanout, reader, 10);
  }

  async check(reader = 'bob'): Promise<TimelineFindings> {
    return this.fanout.audit.check(reader);
  }

  /** Repairs bob's timeline, and shows that all is well then, live again, and as it was before the damage. */
  async expectRepairOf(damage: object, expected: readonly string[]): Promise<void> {
    expect(await this.fanout.audit.repair('bob')).toMatchObject({ ...damage, isSound: false });
    expect(await this.read()).toEqual(expected);
    expect(await this.check()).toMatchObject({ state: 'live', isSound: true });
    const [late = ''] = await this.publishAll(1, 'ann');
    expect(await this.read()).toEqual([late, ...expected]);
    expect(await this.check()).toMatchObject({ state: 'live', isSound: true });
  }
}

/** What the audit finds in a sound timeline. */
export const none = { holes: [], doubles: [], strangers: [], misplaced: [], recents: [] };
