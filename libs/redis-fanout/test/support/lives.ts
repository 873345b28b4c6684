import fc from 'fast-check';

import { BlockedError, type Fanout } from '../../src/index.js';
import { deliverAll, deliverSome, type Fixture } from './fixture.js';

/** The plainest thing that could be right: what every reader should see. */
export class Model {
  private readonly posts = new Map<string, string>();
  private readonly follows = new Set<string>();
  private readonly mutes = new Set<string>();
  private readonly blocks = new Set<string>();

  publish(id: string, author: string): void {
    this.posts.set(id, author);
  }
  delete(id: string): void {
    this.posts.delete(id);
  }
  follow(reader: string, author: string): void {
    this.follows.add(`${reader} ${author}`);
  }
  unfollow(reader: string, author: string): void {
    this.follows.delete(`${reader} ${author}`);
  }
  mute(reader: string, other: string): void {
    this.mutes.add(`${reader} ${other}`);
  }
  unmute(reader: string, other: string): void {
    this.mutes.delete(`${reader} ${other}`);
  }
  block(user: string, other: string): void {
    this.blocks.add(`${user} ${other}`);
    this.unfollow(user, other);
    this.unfollow(other, user);
  }
  unblock(user: string, other: string): void {
    this.blocks.delete(`${user} ${other}`);
  }
  areBlocked(user: string, other: string): boolean {
    return this.blocks.has(`${user} ${other}`) || this.blocks.has(`${other} ${user}`);
  }
  following(reader: string): string[] {
    return users.filter((author) => this.follows.has(`${reader} ${author}`));
  }
  followers(author: string): string[] {
    return users.filter((reader) => this.follows.has(`${reader} ${author}`));
  }
  timeline(reader: string): string[] {
    const shows = (author: string): boolean =>
      this.follows.has(`${reader} ${author}`) && !this.mutes.has(`${reader} ${author}`);
    return [...this.posts]
      .filter(([, author]) => author === reader || shows(author))
      .map(([id]) => id)
      .sort()
      .reverse();
  }
  nth(n: number): [string, string] | undefined {
    const posts = [...this.posts];
    return posts[n % Math.max(1, posts.length)];
  }
}

export const users = ['ann', 'bob', 'cid', 'eve', 'ida'];
const user = fc.constantFrom(...users);
const reader = user;

/** One step of a random life. Windows and lists are tiny, so that every border is crossed. */
export const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('publish' as const), author: user }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('import' as const), author: user, agoMs: fc.nat(5000) }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('follow' as const), reader, author: user }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unfollow' as const), reader, author: user }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('mute' as const), reader, author: user }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unmute' as const), reader, author: user }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('block' as const), reader, author: user }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unblock' as const), reader, author: user }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), nth: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('burst' as const), author: user }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('deliver' as const), outbox: fc.nat(), count: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deliverAll' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('redeliver' as const), nth: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), reader }) },
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Takes a step on the system and in the model. */
export async function perform(fanout: Fanout, fixture: Fixture, model: Model, action: Step): Promise<void> {
  switch (action.do) {
    case 'publish': {
      const { post } = await fanout.posts.publish({ author: action.author, text: 'text' });
      model.publish(post.id, action.author);
      return;
    }
    case 'import': {
      const atMs = Date.now() - 1000 - action.agoMs;
      const { id } = await fanout.posts.import({ author: action.author, text: String(Math.random()), atMs });
      model.publish(id, action.author);
      return;
    }
    case 'follow':
      if (action.reader === action.author) return;
      if (model.areBlocked(action.reader, action.author)) {
        await expect(fanout.follows.follow(action.reader, action.author)).rejects.toBeInstanceOf(
          BlockedError,
        );
        return;
      }
      await fanout.follows.follow(action.reader, action.author);
      model.follow(action.reader, action.author);
      return;
    case 'unfollow':
    case 'mute':
    case 'unmute':
    case 'block':
    case 'unblock':
      if (action.reader === action.author) return;
      await fanout.follows[action.do](action.reader, action.author);
      model[action.do](action.reader, action.author);
      return;
    case 'delete': {
      const [id, author] = model.nth(action.nth) ?? [];
      if (id === undefined || author === undefined) return;
      await fanout.posts.delete(id, author);
      model.delete(id);
      return;
    }
    case 'burst':
      for (let i = 0; i < 12; i++)
        await perform(fanout, fixture, model, { do: 'publish', author: action.author });
      return;
    case 'deliver':
      await deliverSome(fanout, fixture.client, action.outbox % fanout.partitions, 1 + action.count);
      return;
    case 'deliverAll':
      await deliverAll(fanout, fixture.client);
      return;
    case 'redeliver': {
      const [id, author] = model.nth(action.nth) ?? [];
      if (id === undefined || author === undefined) return;
      // Anything may be delivered again, and before its turn.
      await fanout.deliverer.deliver([{ kind: 'published', id, author }]);
      return;
    }
    case 'read':
      await fanout.timelines.page(action.reader, { limit: 3 });
  }
}
