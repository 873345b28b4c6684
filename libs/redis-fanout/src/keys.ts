import { InvalidOptionError } from './errors.js';
import { partitionDigits } from './post-id.js';
import { hashTags, partitionOfUser } from './partitions.js';

/**
 * Every key that the library uses, and which partition it is in. A key is `<prefix>:{<tag>}:<what>`; keys that scripts
 * complete by an id themselves are handed to them as stems.
 *
 * Mapping users and posts to partitions happens here and nowhere else.
 */
export class Keys {
  private readonly roots: readonly string[];

  constructor(
    readonly partitions: number,
    private readonly prefix: string,
    /** Whether partitions may lie on different nodes. */
    private readonly isCluster = false,
  ) {
    this.roots = hashTags(partitions).map((tag) => `${prefix}:{${tag}}:`);
  }

  partitionOf(user: string): number {
    return partitionOfUser(user, this.partitions);
  }

  lastId(partition: number): string {
    return this.key(partition, 'last-id');
  }
  outbox(partition: number): string {
    return this.key(partition, 'outbox');
  }
  /** Events that could not be delivered. */
  undeliverable(partition: number): string {
    return this.key(partition, 'undeliverable');
  }
  /** Number of posts of each author that no longer fit the author's own list. */
  overflow(partition: number): string {
    return this.key(partition, 'overflow');
  }
  /** A post's body, or its tombstone. With no id the stem. */
  post(partition: number, id = ''): string {
    return this.key(partition, `post:${id}`);
  }
  /** The partition where changes of a partition's bodies are noted: the same for all on one Redis, so that one look tells of all. */
  homeOfChanges(partition: number): number {
    return this.isCluster ? partition : 0;
  }
  /** The last change of a post's body, as it stands in `changes`; something else where nothing has changed yet. */
  changed(partition: number): string {
    return this.key(this.homeOfChanges(partition), 'changed');
  }
  /** Which posts were edited or deleted, the last thousand or so. */
  changes(partition: number): string {
    return this.key(this.homeOfChanges(partition), 'changes');
  }
  /**
   * Never set. A script that makes up keys names it among its own: while a slot moves to another node, a cluster then
   * refuses the call, as a key is missing, instead of letting it miss what has not moved yet.
   */
  guard(partition: number): string {
    return this.key(partition, 'guard');
  }
  /** An author's own ids, oldest first. */
  posts(author: string): string {
    return this.ofUser(author, 'posts');
  }
  /** An author's posts that are not delivered yet, newest first: they show in the author's own timeline all the same. */
  undelivered(author: string): string {
    return this.ofUser(author, 'undelivered');
  }
  undeliveredStem(partition: number): string {
    return this.key(partition, 'undelivered:');
  }
  idempotency(author: string, key: string): string {
    return `${this.ofUser(author, 'idempotency')}:${key}`;
  }
  /** Calls that published without an idempotency key and began in a second: a random name of each, and the post's id. */
  attempts(partition: number, second: number): string {
    return this.key(partition, `attempts:${second}`);
  }
  rate(author: string): string {
    return this.ofUser(author, 'rate');
  }

  following(reader: string): string {
    return this.ofUser(reader, 'following');
  }
  /** Authors that a reader follows and has muted: they are in no other set that timelines are made of. */
  followingMuted(reader: string): string {
    return this.ofUser(reader, 'following-muted');
  }
  /** The followers of an author that live in a partition and have muted the author: nothing is delivered to them. */
  followersMuted(partition: number, author: string): string {
    return this.key(partition, `followers-muted:${author}`);
  }
  /** Whom a user has muted, followed or not. */
  muted(user: string): string {
    return this.ofUser(user, 'muted');
  }
  /** Whom a user has blocked. */
  blocked(user: string): string {
    return this.ofUser(user, 'blocked');
  }
  /** Who has blocked a user. */
  blockedBy(user: string): string {
    return this.ofUser(user, 'blocked-by');
  }
  timeline(reader: string): string {
    return this.ofUser(reader, 'timeline');
  }
  timelineStem(partition: number): string {
    return this.key(partition, 'timeline:');
  }
  /** What SCAN is to match to find timelines; it finds a few more keys where prefixes are alike. */
  get timelinePattern(): string {
    return `${this.prefix}:{*}:timeline:*`;
  }
  /** Whose timeline a key is; undefined where it is another key. */
  readerOfTimeline(key: string): string | undefined {
    // No user's id has a colon.
    const reader = key.slice(key.lastIndexOf(':') + 1);
    return this.timeline(reader) === key ? reader : undefined;
  }
  /** When each reader has last read, or changed, the timeline: everyone who has one is in it. */
  lastReads(partition: number): string {
    return this.key(partition, 'last-reads');
  }
  /** The followers of an author that live in a partition. With no author the stem. */
  followers(partition: number, author = ''): string {
    return this.key(partition, `followers:${author}`);
  }
  /** Ids of an author who has too many followers in a partition to push to. With no author the stem. */
  recent(partition: number, author = ''): string {
    return this.key(partition, `recent:${author}`);
  }
  /** The authors that have a `recent` list. */
  pulled(partition: number): string {
    return this.key(partition, 'pulled');
  }
  /** The last change of a `recent` list, as it stands in `recentChanges`; something else where nothing has changed yet. */
  recentChanged(partition: number): string {
    return this.key(partition, 'recent-changed');
  }
  /** Whose `recent` lists have changed, the last thousand times or so. */
  recentChanges(partition: number): string {
    return this.key(partition, 'recent-changes');
  }
  /** No timeline of the partition holds an id above this one. */
  newestEntry(partition: number): string {
    return this.key(partition, 'newest-entry');
  }
  /** What entered the timelines of a partition, in order. */
  deliveries(partition: number): string {
    return this.key(partition, 'deliveries');
  }
  /** An index of `deliveries`, made when it is needed. */
  recorded(partition: number): string {
    return this.key(partition, 'recorded');
  }
  /** The one before it, which was full. */
  recordedBefore(partition: number): string {
    return this.key(partition, 'recorded-before');
  }
  /** Readers to the notifiers that hold connections of theirs. */
  online(partition: number): string {
    return this.key(partition, 'online');
  }
  /** Exists while a notifier lives. With no notifier the stem. */
  notifier(partition: number, notifier = ''): string {
    return this.key(partition, `notifier:${notifier}`);
  }
  /** The channel on which a notifier hears of a partition. With no notifier the stem. */
  live(partition: number, notifier = ''): string {
    return this.key(partition, `live:${notifier}`);
  }

  /** A user's direct messages that are unread, oldest first. */
  directMessages(user: string): string {
    return this.ofUser(user, 'direct');
  }
  /** How many of them there are of each sender. */
  directUnread(user: string): string {
    return this.ofUser(user, 'direct-unread');
  }
  /** Which message an idempotency key of a sender stands for, while that is remembered. */
  messageKey(from: string, idempotencyKey: string): string {
    return `${this.ofUser(from, 'message-key')}:${idempotencyKey}`;
  }
  /** The direct message that the partition of its recipient has under a key of its sender, while that is remembered. */
  sentMessage(from: string, to: string, idempotencyKey: string): string {
    return this.key(this.partitionOf(to), `sent:${from}:${idempotencyKey}`);
  }

  /** The recipients of a source that live in a partition. */
  subscribers(partition: number, source: string): string {
    return this.key(partition, `subscribers:${source}`);
  }
  /** Orders the messages of a partition's inboxes: the newest position. */
  lastPosition(partition: number): string {
    return this.key(partition, 'last-position');
  }
  /** The id of the message that was published under an idempotency key, while that is remembered. */
  publishedAs(source: string, idempotencyKey: string): string {
    return `${this.ofUser(source, 'published-as')} ${idempotencyKey}`;
  }
  /** The id of the message that a partition has under an idempotency key, or under its own id. */
  published(partition: number, source: string, idempotencyKey: string): string {
    // A space is in no name.
    return this.key(partition, `published:${source} ${idempotencyKey}`);
  }
  /** The sources of messages that did not reach all inboxes of a partition yet, in their turn. */
  unfinished(partition: number): string {
    return this.key(partition, 'unfinished');
  }
  /** Stem of how far unfinished messages came, and of their queues. */
  fanOutStem(partition: number): string {
    return this.key(partition, 'fan-out:');
  }
  /** Stem of the bodies that are in several inboxes. */
  messageStem(partition: number): string {
    return this.key(partition, 'message:');
  }
  /** A recipient's messages that wait, oldest first. */
  inbox(recipient: string): string {
    return this.ofUser(recipient, 'inbox');
  }
  inboxStem(partition: number): string {
    return this.key(partition, 'inbox:');
  }
  /** A recipient's messages that were taken, by id. */
  taken(recipient: string): string {
    return this.ofUser(recipient, 'taken');
  }
  /** When the leases of what a recipient took are over. */
  leases(recipient: string): string {
    return this.ofUser(recipient, 'leases');
  }
  /** How many messages did not fit a recipient's inbox. */
  dropped(recipient: string): string {
    return this.ofUser(recipient, 'dropped');
  }
  droppedStem(partition: number): string {
    return this.key(partition, 'dropped:');
  }
  /** The channel on which listeners of a recipient hear that there is something for them. */
  wake(recipient: string): string {
    return this.ofUser(recipient, 'wake');
  }
  wakeStem(partition: number): string {
    return this.key(partition, 'wake:');
  }

  /** The messages of a source, in the order of publishing; a consumer group for each recipient. */
  stream(source: string): string {
    return this.ofUser(source, 'stream');
  }
  /** How many messages a source has published. */
  streamCount(source: string): string {
    return this.ofUser(source, 'stream-count');
  }
  /** Exists while an idempotency key of a source's stream is remembered. */
  appended(source: string, idempotencyKey: string): string {
    return `${this.ofUser(source, 'appended')} ${idempotencyKey}`;
  }
  /** The channel on which listeners hear that a source has published. */
  streamWake(source: string): string {
    return this.ofUser(source, 'stream-wake');
  }
  deadLetters(source: string, recipient: string): string {
    return `${this.ofUser(source, 'dead-letters')} ${recipient}`;
  }
  /** The sources whose streams a recipient reads, and where each subscription began. */
  subscriptions(recipient: string): string {
    return this.ofUser(recipient, 'subscriptions');
  }
  /** The channel on which listeners of a recipient hear that its subscriptions have changed. */
  subscriptionsWake(recipient: string): string {
    return this.ofUser(recipient, 'subscriptions-wake');
  }

  /** The partition as it stands in post ids. */
  digits(partition: number): string {
    return partitionDigits(partition);
  }

  private ofUser(user: string, what: string): string {
    return this.key(this.partitionOf(user), `${what}:${user}`);
  }

  private key(partition: number, what: string): string {
    const root = this.roots[partition];
    if (root === undefined) throw new RangeError(`there is no partition ${partition}`);
    return root + what;
  }
}

/** The settings that the first start fixed: the one key that belongs to no partition. */
export function settingsKey(prefix: string): string {
  if (!/^[\w.:-]{1,64}$/.test(prefix))
    throw new InvalidOptionError('prefix', '1 to 64 of A-Z a-z 0-9 _ . : -');
  return `${prefix}:settings`;
}
