import { InvalidOptionError } from '../../errors.js';
import { settingsKey } from '../../keys.js';
import { hashTags, partitionOfUser } from '../../partitions.js';
import type { ChannelName } from '../../redis/subscriptions.js';

/** So many hash tags spread the sources of a cluster over its nodes; each one in use is probed by each process. */
const TAGS = 64;
const AFTER_TAG = '}:channel:';

/** The names of all channels of Pub/Sub. Every process names them alike. */
export class PubSubChannels {
  private readonly root: string;
  private readonly tags: readonly string[];

  /** @throws InvalidOptionError */
  constructor(
    private readonly prefix: string,
    readonly sharded: boolean,
  ) {
    // It checks the prefix: none has a brace, or what would be special in a pattern.
    settingsKey(prefix);
    this.root = `${prefix}:channel:`;
    this.tags = sharded ? hashTags(TAGS) : [];
  }

  /** `<prefix>:channel:<source>`; sharded `<prefix>:{<tag>}:channel:<source>`, where the source chooses one of 64 tags. */
  ofSource(source: string): ChannelName {
    if (!this.sharded) return { kind: 'classic', channel: this.root + source };
    const tag = this.tags[partitionOfUser(source, TAGS)] ?? '';
    return { kind: 'sharded', channel: `${this.prefix}:{${tag}${AFTER_TAG}${source}` };
  }

  /** The channels of all sources that match; never sharded. */
  matching(pattern: string): ChannelName {
    return { kind: 'pattern', channel: this.root + pattern };
  }

  sourceOf(channel: string): string {
    return channel.slice(this.sharded ? channel.indexOf(AFTER_TAG) + AFTER_TAG.length : this.root.length);
  }
}

/** @throws InvalidOptionError */
export function checkPattern(pattern: string): void {
  if (!/^[\w.:@/*?[\]^\\-]{1,128}$/.test(pattern)) {
    throw new InvalidOptionError('pattern', '1 to 128 of A-Z a-z 0-9 _ - . : @ / * ? [ ] ^ \\');
  }
}
