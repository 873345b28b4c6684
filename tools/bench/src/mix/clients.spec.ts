import { Clients } from './clients.js';
import { type Feed, PAGE, type Shown, textOf } from './feed.js';
import type { Operation } from './operations.js';

const CHECK = { kind: 'check', user: 7 } as const;
const LOGOUT = { kind: 'logout', user: 7 } as const;

/** One timeline, which everybody sees; and what was asked of it. */
class OneTimeline implements Feed {
  readonly asked: (string | undefined)[] = [];
  readonly follows: (readonly number[])[] = [];
  settled = 0;
  private readonly posts: Shown[] = [];

  constructor(
    readonly order: Feed['order'],
    private readonly idOf = (n: number): string => String(100 + n),
    private readonly delivered?: (n: number) => Promise<void>,
  ) {}

  async prepare(): Promise<string> {
    return Promise.resolve('');
  }

  async publish({ n }: { readonly n: number }): ReturnType<Feed['publish']> {
    const id = this.idOf(n);
    this.posts.unshift({ id, text: textOf(n) });
    const delivered = this.delivered?.(n);
    return Promise.resolve(delivered === undefined ? { id } : { id, delivered });
  }

  async follow(...follow: readonly [number, number]): Promise<void> {
    this.follows.push(follow);
    return Promise.resolve();
  }

  async newest(_user: number, since?: string): Promise<Shown[]> {
    this.asked.push(since);
    return Promise.resolve(this.posts.filter(({ id }) => id > (since ?? '')).slice(0, PAGE));
  }

  async settle(): Promise<void> {
    this.settled++;
    return Promise.resolve();
  }
}

function post(n: number): Operation {
  return { kind: 'post', user: 1, n };
}

describe('clients', () => {
  it('ask for whole pages', async () => {
    const feed = new OneTimeline('ids');
    const clients = new Clients(feed);
    clients.haveSeen([7], '100');
    await clients.perform([post(1), CHECK, LOGOUT, CHECK], 'pages', 1);
    expect(feed.asked).toEqual([undefined, undefined]);
  });

  it('ask for what they have not seen, and for all when they have logged out', async () => {
    const feed = new OneTimeline('ids');
    const clients = new Clients(feed);
    clients.haveSeen([7], '100');
    await clients.perform([post(1), CHECK, CHECK, LOGOUT, CHECK, CHECK], 'refreshes', 1);
    expect(feed.asked).toEqual(['100', '101', undefined, '101']);
  });

  it('follow', async () => {
    const feed = new OneTimeline('ids');
    await new Clients(feed).perform([{ kind: 'follow', user: 3, author: 4 }], 'pages', 1);
    expect(feed.follows).toEqual([[3, 4]]);
    expect(feed.settled).toBe(1);
  });

  it('tell the order of ids where it is that', async () => {
    const feed = new OneTimeline('ids', (n) => String(200 - n));
    const posts = await new Clients(feed).perform([post(1), post(2)], 'pages', 1);
    expect(posts).toEqual([
      { n: 2, author: 1, begun: 0, ended: 0 },
      { n: 1, author: 1, begun: 1, ended: 1 },
    ]);
  });

  it('tell which posts were under way at once, until they are delivered', async () => {
    const deliver = new Map<number, () => void>();
    const feed = new OneTimeline('arrival', undefined, async (n) => {
      await new Promise<void>((resolve) => deliver.set(n, resolve));
    });
    const performed = new Clients(feed).perform([post(1), post(2)], 'pages', 1);
    while (deliver.size < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(feed.settled).toBe(0);
    deliver.get(2)?.();
    await new Promise((resolve) => setImmediate(resolve));
    deliver.get(1)?.();
    expect(await performed).toEqual([
      { n: 1, author: 1, begun: 0, ended: 5 },
      { n: 2, author: 1, begun: 2, ended: 4 },
    ]);
  });

  it('show a page, and what is newer than a post of it', async () => {
    const clients = new Clients(new OneTimeline('ids'));
    await clients.perform(
      Array.from({ length: 8 }, (_, n) => post(n)),
      'pages',
      1,
    );
    expect(await clients.page(1)).toEqual({ page: [7, 6, 5, 4, 3, 2, 1, 0], newer: [7, 6, 5, 4, 3] });
  });
});
