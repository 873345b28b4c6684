import { WebSocket as WebSocketOfWs } from 'ws';

import {
  type ClientError,
  type ClientState,
  FanoutClient,
  type FanoutClientOptions,
  type TransportName,
  type WebSocketConstructor,
} from '../../src/index.js';
import { until } from './until.js';

/** That of the platform, where it has one: from Node 22 on. */
const WebSocket = (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket ?? WebSocketOfWs;

const TOLD = ['post', 'edited', 'deleted', 'message', 'resync'] as const;

/** Waits short enough for tests; whatever is to be given up for its silence sets its own. */
const SHORT = { retryMs: 2, maxRetryMs: 20, healthyAfterMs: 20 };

/** A client with all that it told. */
export class Follower {
  readonly client: FanoutClient;
  readonly told: (readonly [name: string, data: unknown])[] = [];
  readonly states: ClientState[] = [];
  readonly errors: ClientError[] = [];

  constructor(
    transport: TransportName,
    options: Partial<FanoutClientOptions> & Pick<FanoutClientOptions, 'url'>,
  ) {
    const webSocket = transport === 'websocket' && WebSocket;
    this.client = new FanoutClient({ user: 'ada', webSocket, ...SHORT, ...options });
    for (const name of TOLD) this.client.on(name, (data) => this.told.push([name, data]));
    this.client.on('state', (state) => this.states.push(state));
    this.client.on('error', (error) => this.errors.push(error));
  }

  /** What was told but for `resync`. */
  get events(): unknown[] {
    return this.told.filter(([name]) => name !== 'resync').map(([, data]) => data);
  }

  /** Why `resync` was told. */
  get resyncs(): unknown[] {
    return this.told.filter(([name]) => name === 'resync').map(([, data]) => data);
  }

  /** How often the client has been live. */
  get lives(): number {
    return this.states.filter(({ state }) => state === 'live').length;
  }

  async untilLive(times = 1): Promise<void> {
    await until(() => this.lives >= times, `it has been live ${times} times`);
  }

  async untilTold(count: number): Promise<void> {
    await until(() => this.told.length >= count, `${count} events were told`);
  }
}
