import { ClientError } from './errors.js';
import type { Resync } from './events.js';
import { type Frame, isFeedEvent, MAX_ID_LENGTH, readFeedEvent, type Told } from './frame.js';
import type { Listeners } from './listeners.js';
import { Remembered } from './remembered.js';
import type { Outcome, Receiver } from './transports/connection.js';

/** What has come over all connections: where the client is, and what was told of it. */
export class Feed implements Receiver {
  private readonly remembered: Remembered;
  /** Why `resync` is to be told as soon as the client is live. */
  private missed: Resync['reason'] | undefined;

  constructor(
    private position: string | undefined,
    rememberedEvents: number,
    private readonly listeners: Listeners,
  ) {
    this.remembered = new Remembered(rememberedEvents);
  }

  /** The id to go on from. */
  get lastEventId(): string | undefined {
    return this.position;
  }

  live(): void {
    const reason = this.missed;
    this.missed = undefined;
    if (reason !== undefined) this.resync(reason);
  }

  received({ id = '', event, data }: Frame): void {
    if (id.length > MAX_ID_LENGTH) {
      this.malformed(`the id of "${event}" is longer than ${MAX_ID_LENGTH}`);
      return;
    }
    if (!isFeedEvent(event)) {
      this.moveTo(id);
      if (event === 'resync') this.resync('server');
      return;
    }
    const key = `${event} ${id}`;
    if (id !== '' && this.remembered.has(key)) return;
    // Before it is told: listeners that keep the position beside what they were told keep that of this event.
    this.moveTo(id);
    const told = readFeedEvent(event, data);
    if (typeof told === 'string') {
      this.malformed(told);
      return;
    }
    if (id !== '') this.remembered.add(key);
    this.tell(told);
  }

  malformed(what: string): void {
    this.listeners.tell('error', new ClientError('frame-malformed', what));
    this.resync('unreadable');
  }

  ended({ error, liveMs }: Outcome): void {
    if (error?.code === 'frame-too-long') {
      // From where the client is, the same event would come again, and again.
      this.position = undefined;
      this.missed = 'unreadable';
    } else if (liveMs !== undefined && this.position === undefined) {
      this.missed ??= 'no-position';
    }
  }

  private moveTo(id: string): void {
    if (id !== '') this.position = id;
  }

  private tell(told: Told): void {
    // One by one, as the compiler does not see that the name and the data belong together.
    switch (told.name) {
      case 'post':
      case 'edited':
        this.listeners.tell(told.name, told.data);
        break;
      case 'deleted':
        this.listeners.tell(told.name, told.data);
        break;
      case 'message':
        this.listeners.tell(told.name, told.data);
        break;
    }
  }

  private resync(reason: Resync['reason']): void {
    this.listeners.tell('resync', { reason });
  }
}
