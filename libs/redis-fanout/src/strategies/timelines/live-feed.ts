import type { Fanout } from '../../fanout.js';
import { LIVE_PATTERN, type LiveEvent } from '../../live/live-event.js';
import type { LiveHub } from '../../live/live-hub.js';
import { parsePosition, writtenAtMs } from '../../live/position.js';
import type { Post } from '../../posts/post.js';
import type { Channels } from '../../redis/channels.js';
import type { Gap } from '../fanout-strategy.js';

/** Who wants what enters the timeline of a reader. */
export interface FeedListener {
  post(post: Post): void;
  gap(gap: Gap): void;
}

/** Hands what enters the timelines of readers to those in this process who listen for them. */
export class LiveFeed {
  private readonly hub: LiveHub;
  private readonly ear = {
    message: (text: string): void => {
      const { pattern, data } = JSON.parse(text) as { pattern: string; data: LiveEvent };
      if (pattern === LIVE_PATTERN) this.hub.hear(data);
    },
    gap: (): void => {
      void this.hub.lose();
    },
  };
  private opening: Promise<void> | undefined;

  constructor(
    fanout: Fanout,
    private readonly channels: Channels,
    onError: ((error: unknown) => void) | undefined,
  ) {
    this.hub = fanout.liveHub(onError === undefined ? {} : { onError });
  }

  /** Resolves when whatever is delivered to the reader from then on is handed over, with the way to end that. */
  async add(reader: string, listener: FeedListener): Promise<() => void> {
    this.opening ??= this.open().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    await this.opening;
    let position = '';
    const subscription = await this.hub.connect(reader, {
      update: (update) => {
        if (update.event === 'post') listener.post(update.data);
        if (update.event === 'resync') listener.gap(gapSince(position));
        ({ position } = update);
      },
      live: (reached) => {
        position = reached;
      },
    });
    return () => {
      subscription.close();
    };
  }

  /** Hands over nothing more; within seconds nobody tells this process of anything. */
  async close(): Promise<void> {
    await this.hub.close();
  }

  private async open(): Promise<void> {
    // A listener hears a message once, however often it is subscribed: what an opening that failed has left does no harm.
    await Promise.all(
      this.hub.channels.map(async (channel) => this.channels.subscribe('sharded', channel, this.ear)),
    );
    await this.hub.start();
  }
}

function gapSince(position: string): Gap {
  const sinceMs = writtenAtMs(parsePosition(position)?.place ?? '0-0');
  return { sinceMs, reason: 'the history no longer reaches back' };
}
