import { TIMELINE_ENTRIES } from '../fanout/contestant.js';
import { idOf, type NumberedPost } from '../fanout/post.js';
import { answersOf, sendAll } from '../fanout/seeding.js';
import { filledTimelines, PAGE } from './feed.js';
import { type Store, timelineKey } from './store.js';
import { type Users, userName } from './users.js';

/** Timelines of ids. Readers are names. */
export interface Timelines {
  /** Fills everybody's with the newest of these posts: their own, and those of whom they follow as far as these are pushed. */
  fill(users: Users, posts: readonly NumberedPost[], isPushed?: (author: number) => boolean): Promise<void>;
  /** The ids of a page that are above an id, newest first. */
  newest(reader: string, since: string): Promise<string[]>;
  /** Puts ids where they belong. */
  mergeIn(reader: string, ids: readonly string[]): Promise<void>;
}

/** Timelines that are sorted sets. */
export class SortedSets implements Timelines {
  constructor(private readonly store: Store) {}

  async fill({ graph }: Users, posts: readonly NumberedPost[]): Promise<void> {
    await sendAll(this.store.redis, this.fillCommands(graph, posts));
  }

  async newest(reader: string, since: string): Promise<string[]> {
    const key = timelineKey(reader);
    const { redis } = this.store;
    return since === ''
      ? redis.zrevrange(key, 0, PAGE - 1)
      : redis.zrevrangebyscore(key, '+inf', `(${since}`, 'LIMIT', 0, PAGE);
  }

  async mergeIn(reader: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const key = timelineKey(reader);
    const pipeline = this.store.redis.pipeline();
    pipeline.zadd(key, ...ids.flatMap((id) => [id, id]));
    pipeline.zremrangebyrank(key, 0, -TIMELINE_ENTRIES - 1);
    await answersOf(pipeline);
  }

  private *fillCommands(graph: Users['graph'], posts: readonly NumberedPost[]): Generator<string[]> {
    for (const { user, newest } of filledTimelines(graph, posts, TIMELINE_ENTRIES)) {
      const ids = newest.map(idOf);
      if (ids.length > 0) yield ['ZADD', timelineKey(userName(user)), ...ids.flatMap((id) => [id, id])];
    }
  }
}

/** Replaces a list, unless it has changed: then its first or last entry, or its length, is another. */
const REPLACE = `
local first, last = redis.call('LINDEX', KEYS[1], 0) or '', redis.call('LINDEX', KEYS[1], -1) or ''
if first ~= ARGV[1] or last ~= ARGV[2] or redis.call('LLEN', KEYS[1]) ~= tonumber(ARGV[3]) then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('RPUSH', KEYS[1], unpack(ARGV, 4))
return 1`;

/** Timelines that are lists. */
export class Lists implements Timelines {
  private replace = '';

  constructor(private readonly store: Store) {}

  async fill(
    { graph }: Users,
    posts: readonly NumberedPost[],
    isPushed?: (author: number) => boolean,
  ): Promise<void> {
    this.replace = (await this.store.redis.script('LOAD', REPLACE)) as string;
    await sendAll(this.store.redis, this.fillCommands(graph, posts, isPushed));
  }

  async newest(reader: string, since: string): Promise<string[]> {
    const ids = await this.store.redis.lrange(timelineKey(reader), 0, PAGE - 1);
    // Posts that were under way at once stand as they came: what is new is above what was seen, whatever its id.
    const seen = ids.indexOf(since);
    return seen < 0 ? ids.filter((id) => id > since) : ids.slice(0, seen);
  }

  /** Read, merged and replaced: again, where something was pushed meanwhile, which would be lost otherwise. */
  async mergeIn(reader: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const key = timelineKey(reader);
    for (let replaced: unknown = 0; replaced === 0;) {
      const old = await this.store.redis.lrange(key, 0, -1);
      const merged = [...new Set([...old, ...ids])].sort().reverse().slice(0, TIMELINE_ENTRIES);
      const expected = [old[0] ?? '', old.at(-1) ?? '', old.length];
      replaced = await this.store.redis.evalsha(this.replace, 1, key, ...expected, ...merged);
    }
  }

  private *fillCommands(
    graph: Users['graph'],
    posts: readonly NumberedPost[],
    isPushed?: (author: number) => boolean,
  ): Generator<string[]> {
    for (const { user, newest } of filledTimelines(graph, posts, TIMELINE_ENTRIES, isPushed)) {
      if (newest.length > 0) yield ['RPUSH', timelineKey(userName(user)), ...newest.map(idOf)];
    }
  }
}
