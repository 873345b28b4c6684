import { type DeliveryHistory, type HistoryEvent, readDeliveries } from '../lua/read-deliveries.js';
import type { DirectMessage } from '../messages/direct-message.js';
import type { Messages } from '../messages/messages.js';
import type { Posts } from '../posts/posts.js';
import { type PartitionCommand, type PartitionedRedis, unavailableAsSuch } from '../redis/partitioned.js';
import type { LiveKind } from './live-event.js';
import type { LiveUpdate } from './live-update.js';
import { formatPosition } from './position.js';

/** Something that happened, as far as it is needed to tell of it. */
export interface ToTell {
  readonly place: string;
  readonly kind: LiveKind;
  readonly id: string;
  /** The readers concerned who are connected here. */
  readonly readers: readonly string[];
}

/** Whom an event concerns. */
export type Audiences = ReadonlyMap<HistoryEvent, ReadonlySet<string>>;

/** Readers of one command. */
const MAX_READERS = 1000;

/** What happened in one partition: what it was, whom it concerns, and what there is to tell of it. */
export class History {
  /** Events that are read at once. */
  readonly pageSize = 200;

  constructor(
    private readonly redis: PartitionedRedis,
    private readonly posts: Posts,
    private readonly messages: Messages,
    readonly partition: number,
    private readonly notifier: string,
  ) {}

  /** The next events, a page at most. @throws StorageUnavailableError */
  async read(after: string | undefined): Promise<DeliveryHistory> {
    const { client, keys } = this.redis;
    const names = {
      deliveries: keys.deliveries(this.partition),
      notifier: keys.notifier(this.partition, this.notifier),
    };
    return unavailableAsSuch(readDeliveries(client, names, { after, count: this.pageSize }));
  }

  /** Which of these readers each event concerns, as of now. @throws StorageUnavailableError */
  async audiences(events: readonly HistoryEvent[], readers: readonly string[]): Promise<Audiences> {
    const authors = [...new Set(events.filter(({ kind }) => kind !== 'message').map(({ author }) => author))];
    const followers = await this.followersAmong(authors, readers);
    return new Map(
      events.map((event) => {
        const { kind, author, to } = event;
        return [event, kind === 'message' ? new Set([to]) : (followers.get(author) ?? new Set())];
      }),
    );
  }

  /**
   * What is to be told of each: nothing of a post that is gone, and of a message that was read meanwhile.
   *
   * @throws StorageUnavailableError
   */
  async updates(happenings: readonly ToTell[]): Promise<(LiveUpdate | undefined)[]> {
    const ofPosts = happenings.filter(({ kind }) => kind === 'published' || kind === 'edited');
    const [found, messages] = await Promise.all([
      this.posts.lookUp(ofPosts.map(({ id }) => id)),
      this.messagesOf(happenings.filter(({ kind }) => kind === 'message')),
    ]);
    const posts = new Map(ofPosts.map(({ id }, i) => [id, found[i]]));
    return happenings.map(({ place, kind, id }) => {
      const position = formatPosition({ partition: this.partition, place });
      if (kind === 'deleted') return { event: 'deleted', position, data: { id } };
      if (kind === 'message') {
        const data = messages.get(id);
        return data && { event: 'message', position, data };
      }
      const data = posts.get(id);
      if (data === undefined || data === 'deleted') return undefined;
      return { event: kind === 'published' ? 'post' : 'edited', position, data };
    });
  }

  /** A message concerns one reader: those of each are looked up together. */
  private async messagesOf(happenings: readonly ToTell[]): Promise<Map<string, DirectMessage>> {
    const idsOf = new Map<string, string[]>();
    for (const { id, readers } of happenings) {
      const [recipient = ''] = readers;
      idsOf.set(recipient, [...(idsOf.get(recipient) ?? []), id]);
    }
    const found = await Promise.all([...idsOf].map(async ([user, ids]) => this.messages.find(user, ids)));
    return new Map(found.flat().map((message) => [message.id, message]));
  }

  /** Of few followers all are read, of many those who are here are asked for. */
  private async followersAmong(
    authors: readonly string[],
    readers: readonly string[],
  ): Promise<Map<string, Set<string>>> {
    const keyOf = (author: string): string => this.redis.keys.followers(this.partition, author);
    const counts = (await this.commands(authors.map((author) => ['SCARD', keyOf(author)]))) as number[];
    const parts: string[][] = [];
    for (let from = 0; from < readers.length; from += MAX_READERS) {
      parts.push(readers.slice(from, from + MAX_READERS));
    }
    // Everybody is told of what they wrote themselves.
    const found = new Map(authors.map((author) => [author, new Set([author])]));
    const small = authors.filter((_, i) => (counts[i] ?? 0) <= readers.length);
    const large = authors.filter((_, i) => (counts[i] ?? 0) > readers.length);
    const followers = (await this.commands(small.map((author) => ['SMEMBERS', keyOf(author)]))) as string[][];
    small.forEach((author, i) => {
      for (const follower of followers[i] ?? []) found.get(author)?.add(follower);
    });
    const asked = large.flatMap((author) => parts.map((part) => ({ author, part })));
    const replies = (await this.commands(
      asked.map(({ author, part }) => ['SMISMEMBER', keyOf(author), ...part]),
    )) as number[][];
    asked.forEach(({ author, part }, i) => {
      part.forEach((reader, j) => {
        if (replies[i]?.[j] === 1) found.get(author)?.add(reader);
      });
    });
    return found;
  }

  private async commands(commands: readonly PartitionCommand['command'][]): Promise<unknown[]> {
    if (commands.length === 0) return [];
    return this.redis.pipeline(commands.map((command) => ({ partition: this.partition, command })));
  }
}
