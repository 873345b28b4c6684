import {
  type Fanout,
  type LiveEvent,
  type LiveHub,
  type LiveSubscription,
  type LiveUpdate,
} from '../../src/index.js';
import { Channels } from '../../src/redis/channels.js';
import type { Fixture } from './fixture.js';

/** A hub as a process has it, with its subscriptions. Messages may get lost on the way, if a test wants that. */
export class Instance {
  /** Says which of the messages that come are lost. */
  isLost: (event: LiveEvent) => boolean = () => false;
  heard = 0;

  private constructor(
    readonly hub: LiveHub,
    private readonly channels: Channels,
  ) {}

  static async start(fanout: Fanout, fixture: Fixture): Promise<Instance> {
    const channels = new Channels(fixture.client, { probeIntervalMs: 50, probeTimeoutMs: 500 });
    const instance = new Instance(fanout.liveHub({ onError: () => undefined }), channels);
    const ear = {
      message: (text: string): void => {
        const { data } = JSON.parse(text) as { data: LiveEvent };
        instance.heard++;
        if (!instance.isLost(data)) instance.hub.hear(data);
      },
      gap: (): void => {
        void instance.hub.lose();
      },
    };
    await Promise.all(
      instance.hub.channels.map(async (channel) => channels.subscribe('sharded', channel, ear)),
    );
    await instance.hub.start();
    return instance;
  }

  /** Ends as a process does that is killed: it says nothing to anybody. */
  async kill(): Promise<void> {
    this.channels.close();
    await this.hub.close();
  }
}

/** A client that keeps its place, and comes back where it was. */
export class Client {
  readonly updates: LiveUpdate[] = [];
  /** How often it has caught up. */
  timesLive = 0;
  private subscription: LiveSubscription | undefined;

  constructor(
    readonly reader: string,
    private place?: string,
  ) {}

  async connect(instance: Instance): Promise<void> {
    let isOver = false;
    const subscription = await instance.hub.connect(
      this.reader,
      {
        update: (update) => {
          if (isOver) throw new Error('told after the end');
          this.updates.push(update);
          this.place = update.position;
        },
        live: (position) => {
          this.timesLive++;
          this.place = position;
        },
      },
      this.place,
    );
    this.subscription = {
      get position() {
        return subscription.position;
      },
      goOn: () => {
        subscription.goOn();
      },
      close: () => {
        isOver = true;
        subscription.close();
      },
    };
  }

  disconnect(): void {
    this.subscription?.close();
    this.subscription = undefined;
  }

  get position(): string | undefined {
    return this.subscription?.position;
  }

  /** The ids of what it was told, in order; `resync` for that. */
  get told(): string[] {
    return this.updates.map(({ event, data }) => ('id' in data ? `${event} ${data.id}` : event));
  }
}
