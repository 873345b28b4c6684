import fc from 'fast-check';
import { type ModelPost, TimelineModel } from 'timeline-model';

import { BlockedError, type Fanout, type FanoutOptions } from '../../src/index.js';
import { Keys } from '../../src/keys.js';
import { deliverAll, deliverSome, type Fixture, wholeTimeline } from './fixture.js';

export const users = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gus', 'ida'];
const nth = fc.nat();

/** One step of a random life among these users. Windows and lists are tiny, so that every border is crossed. */
function stepAmong(names: readonly string[]) {
  /** Some are followed far more than others, so that thresholds are crossed. */
  const user = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...names.slice(0, 2)) },
    { weight: 2, arbitrary: fc.constantFrom(...names) },
  );
  const pair = { reader: fc.constantFrom(...names), author: user };

  const change = fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant('publish' as const), author: user }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('import' as const), author: user, agoMs: fc.nat(5000) }),
    },
    { weight: 7, arbitrary: fc.record({ do: fc.constant('follow' as const), ...pair }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('importFollow' as const), ...pair }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('unfollow' as const), ...pair }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('mute' as const), ...pair }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('unmute' as const), ...pair }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('block' as const), ...pair }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('unblock' as const), ...pair }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), nth }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('edit' as const), nth, text: fc.string({ minLength: 1 }) }),
    },
  );
  const work = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('deliver' as const), outbox: nth, count: fc.nat(3) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('redeliver' as const), nth }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), reader: user }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('look' as const), reader: user }) },
  );
  return fc.oneof(
    { weight: 30, arbitrary: change },
    { weight: 10, arbitrary: work },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('burst' as const), author: user }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('deliverAll' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('read' as const),
        reader: user,
        limit: fc.integer({ min: 1, max: 9 }),
        nth,
      }),
    },
    // Several at once: what they come to does not hang on their order.
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('together' as const),
        steps: fc.array(fc.oneof(change, work), { minLength: 2, maxLength: 6 }),
      }),
    },
  );
}

export const step = stepAmong(users);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A fan-out, the model of it, and how to take a step in both. */
export class Life {
  readonly model: TimelineModel;
  /** What has been delivered to everybody. */
  private readonly settled = new Set<string>();
  /** What shows to its author at once. (An archive shows when it is delivered.) */
  private readonly published = new Set<string>();
  private readonly keys: Keys;
  private texts = 0;
  private readonly ways: { [K in Step['do']]: (step: Extract<Step, { do: K }>) => Promise<void> } = {
    publish: async ({ author }) => this.publish(author),
    burst: async ({ author }) => {
      for (let i = 0; i < 12; i++) await this.publish(author);
    },
    import: async ({ author, agoMs }) => this.import(author, agoMs),
    repeat: async () => this.repeat(),
    delete: async ({ nth }) => this.delete(nth),
    edit: async ({ nth, text }) => this.edit(nth, text),
    follow: async ({ reader, author }) => this.follow('follow', reader, author),
    importFollow: async ({ reader, author }) => this.follow('import', reader, author),
    unfollow: async ({ reader, author }) => this.changeMind('unfollow', reader, author),
    mute: async ({ reader, author }) => this.changeMind('mute', reader, author),
    unmute: async ({ reader, author }) => this.changeMind('unmute', reader, author),
    block: async ({ reader, author }) => this.changeMind('block', reader, author),
    unblock: async ({ reader, author }) => this.changeMind('unblock', reader, author),
    deliver: async ({ outbox, count }) => {
      await deliverSome(this.fanout, this.fixture.client, outbox % this.fanout.partitions, 1 + count);
    },
    deliverAll: async () => this.settle(),
    redeliver: async ({ nth }) => this.redeliver(nth),
    restart: async () => {
      // Another process, which remembers nothing.
      this.fanout = await this.fixture.reopen(this.options);
    },
    expire: async ({ reader }) => {
      await this.fixture.client.del(this.keys.timeline(reader));
    },
    look: async ({ reader }) => {
      await this.fanout.timelines.page(reader, { limit: 3 });
    },
    read: async ({ reader, limit, nth }) => this.read(reader, limit, nth),
    together: async ({ steps }) => {
      await Promise.all(commuting(steps, this.model).map(async (each) => this.perform(each)));
    },
  };

  private constructor(
    readonly fixture: Fixture,
    private readonly options: Partial<FanoutOptions>,
    /** Is exchanged for another one by a restart. */
    public fanout: Fanout,
  ) {
    this.model = new TimelineModel({ authorMaxPosts: options.authorMaxPosts ?? 3200 });
    this.keys = new Keys(fanout.partitions, fixture.prefix);
  }

  static async begin(
    fixture: Fixture,
    options: Omit<Partial<FanoutOptions>, 'client' | 'prefix'>,
  ): Promise<Life> {
    return new Life(fixture, options, await fixture.open(options));
  }

  async perform(step: Step): Promise<void> {
    await this.ways[step.do](step as never);
  }

  /** Delivers everything. */
  async settle(): Promise<void> {
    await deliverAll(this.fanout, this.fixture.client);
    for (const id of this.model.ids) this.settled.add(id);
  }

  /** Reads a whole timeline, and the part above one of its posts, and holds both to the model. */
  async read(reader: string, limit: number, nth: number): Promise<void> {
    const shown = await wholeTimeline(this.fanout, reader, limit);
    expect(shown).toEqual([...new Set(shown)].sort().reverse());
    const strangers = shown.filter((id) => !this.model.shows(reader, this.model.post(id)?.author ?? '?'));
    expect(strangers).toEqual([]);
    const certain = this.model
      .timeline(reader)
      .filter(({ id, author }) => this.settled.has(id) || (author === reader && this.published.has(id)))
      .map(({ id }) => id);
    expect(shown).toEqual(expect.arrayContaining(certain));
    const since = shown[nth % Math.max(1, shown.length)] ?? '';
    const { items } = await this.fanout.timelines.page(reader, { since, limit });
    expect(items.map(({ id }) => id)).toEqual(shown.filter((id) => id > since).slice(0, limit));
    expect(items.map(({ text }) => text)).toEqual(items.map(({ id }) => this.model.post(id)?.text));
  }

  /** Holds everything that can be read to the model, now that all is delivered. */
  async expectSame(reader: string, limit: number): Promise<void> {
    const { fanout, model } = this;
    const expected = model.timeline(reader).map(({ id }) => id);
    // Twice: the second time the timeline is live.
    for (let time = 0; time < 2; time++) {
      const shown = await wholeTimeline(fanout, reader, limit);
      expect(shown.filter((id) => model.isListed(id))).toEqual(expected);
      const others = shown.filter((id) => !model.isListed(id));
      expect(others.filter((id) => !model.shows(reader, model.post(id)?.author ?? '?'))).toEqual([]);
    }
    const { items } = await fanout.timelines.page(reader);
    expect(items.map(({ text }) => text)).toEqual(items.map(({ id }) => model.post(id)?.text));
    const own = await fanout.timelines.pageOfAuthor(reader, { limit: 100 });
    expect(own.items.map(({ id }) => id)).toEqual(model.postsOf(reader).map(({ id }) => id));
    const following = [...model.following(reader)].toSorted();
    const followers = model.followers(reader).toSorted();
    expect((await fanout.follows.following(reader)).items.toSorted()).toEqual(following);
    expect((await fanout.follows.followers(reader)).items.toSorted()).toEqual(followers);
    expect(await fanout.follows.counts(reader)).toEqual({
      posts: model.countOf(reader),
      following: following.length,
      followers: followers.length,
    });
  }

  private nth(n: number): ModelPost | undefined {
    const { ids } = this.model;
    return this.model.post(ids[n % Math.max(1, ids.length)] ?? '');
  }

  private async import(author: string, agoMs: number): Promise<void> {
    const post = { author, text: `old ${this.texts++}` };
    const { id } = await this.fanout.posts.import({ ...post, atMs: Date.now() - 1000 - agoMs });
    this.model.publish({ id, ...post });
  }

  private async delete(nth: number): Promise<void> {
    const post = this.nth(nth);
    if (post === undefined) return;
    this.model.delete(post.id);
    await this.fanout.posts.delete(post.id, post.author);
  }

  private async edit(nth: number, text: string): Promise<void> {
    const post = this.nth(nth);
    if (post === undefined) return;
    this.model.edit(post.id, text);
    await this.fanout.posts.edit(post.id, post.author, text);
  }

  /** Anything may be delivered again, and before its turn. */
  private async redeliver(nth: number): Promise<void> {
    const post = this.nth(nth);
    if (post === undefined) return;
    await this.fanout.deliverer.deliver([{ kind: 'published', id: post.id, author: post.author }]);
  }

  private async follow(way: 'follow' | 'import', reader: string, author: string): Promise<void> {
    if (reader === author) return;
    const followed = this.fanout.follows[way](reader, author);
    if (this.model.areBlocked(reader, author)) await expect(followed).rejects.toBeInstanceOf(BlockedError);
    else await followed;
    this.model.follow(reader, author);
  }

  private async changeMind(
    change: 'unfollow' | 'mute' | 'unmute' | 'block' | 'unblock',
    reader: string,
    author: string,
  ): Promise<void> {
    if (reader === author) return;
    await this.fanout.follows[change](reader, author);
    this.model[change](reader, author);
  }

  private async publish(author: string): Promise<void> {
    const draft = { author, text: `post ${this.texts++}` };
    const { post } = await this.fanout.posts.publish(draft);
    this.published.add(post.id);
    this.model.publish({ id: post.id, ...draft });
  }

  /** Publishes twice with the same key, as one does whose answer was lost. */
  private async repeat(): Promise<void> {
    const draft = { author: 'cid', text: `post ${this.texts++}` };
    const idempotency = { key: draft.text, fingerprint: 'same' };
    const [first, second] = [
      await this.fanout.posts.publish({ ...draft, idempotency }),
      await this.fanout.posts.publish({ ...draft, idempotency }),
    ];
    expect([second.replayed, second.post]).toEqual([true, first.post]);
    this.model.publish({ id: first.post.id, ...draft });
  }
}

/** Those of the steps that come to the same in every order. */
function commuting(steps: readonly Step[], model: TimelineModel): Step[] {
  const taken = new Set<string>();
  const { ids } = model;
  return steps.filter((step) => {
    const claims = claimsOf(step, (n) => model.post(ids[n % Math.max(1, ids.length)] ?? '')?.author);
    if (claims.some((claim) => taken.has(claim))) return false;
    for (const claim of claims) taken.add(claim);
    return true;
  });
}

function claimsOf(step: Step, authorOfNth: (n: number) => string | undefined): string[] {
  if (step.do === 'publish' || step.do === 'import') return [`posts of ${step.author}`];
  // Which post is the n-th one hangs on what else is published or deleted: only one of them at once.
  if (step.do === 'delete' || step.do === 'edit')
    return ['the posts', `posts of ${authorOfNth(step.nth) ?? ''}`];
  return 'author' in step && 'reader' in step ? [[step.reader, step.author].sort().join(' ')] : [];
}

/** How a system of random lives is set up. */
export interface LifeSettings {
  readonly partitions: number;
  readonly pushMaxFollowers: number;
}

const lifeOf = (one: fc.Arbitrary<Step>): fc.Arbitrary<Step[]> =>
  fc.array(one, { minLength: 5, maxLength: 100, size: 'max' });
/** Among few users more comes together: whoever follows somebody has soon muted them, too. */
const randomLife = fc.oneof(lifeOf(step), lifeOf(stepAmong(users.slice(0, 3))));

/** Every random life ends with what the model says. Lists of authors hold 20 ids, timelines up to as many as they may. */
export function livesAsTheModel(
  fixture: Fixture,
  settings: LifeSettings,
): fc.IAsyncPropertyWithHooks<[Step[], number, number]> {
  return fc.asyncProperty(
    randomLife,
    fc.constantFrom(2, 3, 5, 9, 20),
    fc.constantFrom(1, 5, 18),
    async (steps, limit, timelineMaxEntries) => {
      const life = await Life.begin(fixture, { ...settings, timelineMaxEntries, authorMaxPosts: 20 });
      for (const each of steps) await life.perform(each);
      await life.settle();
      await expectOrderedLists(fixture);
      for (const name of users) await life.expectSame(name, limit);
    },
  );
}

/** Reading sorts what it finds, so the lists themselves are looked at, too: each entry once, and in order. */
async function expectOrderedLists(fixture: Fixture): Promise<void> {
  for (const key of await fixture.allKeys('*:timeline:*')) {
    const entries = await fixture.client.lrange(key, 0, -1);
    expect(entries).toEqual([...new Set(entries)].sort());
  }
}
