import type { ChannelListener, Channels } from '../../redis/channels.js';
import { type ChannelName, keyOf } from '../../redis/subscriptions.js';
import { reportError } from '../../report-error.js';
import type { Gap, Listening, ListenOptions, Message, MessageHandler } from '../fanout-strategy.js';
import { LiveListener } from '../live-listener.js';

/** Makes a message of what came over a channel. */
export type Reader<Payload> = (text: string, channel: string) => Message<Payload>;

/** One listener of a recipient, and the channels that it hears. */
export class LiveListening<Payload> implements Listening, ChannelListener {
  /** Of each channel that is heard, or about to be, how to end that. */
  private readonly held = new Map<string, Promise<() => void>>();
  private readonly listener: LiveListener<Payload>;

  constructor(
    private readonly channels: Channels,
    private readonly read: Reader<Payload>,
    handler: MessageHandler<Payload>,
    private readonly options: ListenOptions,
  ) {
    this.listener = new LiveListener(handler, options);
  }

  /** Hears a channel from now on; what has failed is to be left. @throws StorageUnavailableError, ClosedError */
  async hear({ kind, channel }: ChannelName): Promise<void> {
    const key = keyOf({ kind, channel });
    const held = this.held.get(key) ?? this.channels.subscribe(kind, channel, this);
    this.held.set(key, held);
    await held;
  }

  async leave(name: ChannelName): Promise<void> {
    const held = this.held.get(keyOf(name));
    this.held.delete(keyOf(name));
    const end = await held?.catch(() => undefined);
    end?.();
  }

  async close(): Promise<void> {
    const all = [...this.held.values()];
    this.held.clear();
    // Not waited for: where Redis is away that may take seconds.
    for (const held of all)
      void held.then(
        (end) => {
          end();
        },
        () => undefined,
      );
    await this.listener.close();
  }

  message(text: string, channel: string): void {
    try {
      // Each listener has a payload of its own: a handler may change it.
      this.listener.push(this.read(text, channel));
    } catch (error) {
      this.unavailable(error);
    }
  }

  gap(gap: Gap): void {
    try {
      this.listener.tellGap(gap);
    } catch (error) {
      this.unavailable(error);
    }
  }

  unavailable(error: unknown): void {
    try {
      reportError(this.options, error);
    } catch (thrown) {
      // What the owner throws is not to keep others from being told.
      reportError({}, thrown);
    }
  }
}
