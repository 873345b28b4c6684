import { setTimeout as delay } from 'node:timers/promises';

import {
  type ClientErrorCode,
  FanoutClient,
  type FanoutClientOptions,
  type TransportName,
} from 'redis-fanout-client';
import { cleanUp, until } from 'test-support';
import { WebSocket } from 'ws';

import { seededRandom } from '../../src/compare/random.js';
import { Balancer } from './balancer.js';
import { concerning, Graph, type Happening, LiveSystem } from './live-system.js';
import { importLines } from './running-services.js';

const CLIENTS = 40;
const AUTHORS = 6;
const POSTS = 300;
const TRANSPORTS = ['websocket', 'sse'] as const;
const EVENTS = ['post', 'edited', 'deleted', 'message'] as const;
/** What kills and broken connections may lead to; all else is a mistake. */
const TO_BE_EXPECTED: readonly ClientErrorCode[] = ['connect-failed', 'connection-lost', 'refused'];

const random = seededRandom(23);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

const opened: FanoutClient[] = [];

/** A client with all that it told. It is closed after the test. */
class Follower {
  readonly client: FanoutClient;
  /** `<position> <event> <id>` */
  readonly told: string[] = [];
  readonly resyncs: string[] = [];
  readonly errors: ClientErrorCode[] = [];
  /** What it connected over. */
  readonly transports = new Set<TransportName>();

  constructor(
    readonly user: string,
    readonly transport: TransportName,
    options: Pick<FanoutClientOptions, 'url' | 'lastEventId'>,
  ) {
    this.client = new FanoutClient({
      ...options,
      user,
      webSocket: transport === 'websocket' && WebSocket,
      // A notifier that is away for a second is no reason to change over.
      webSocketAttempts: 1_000_000,
      retryMs: 20,
      maxRetryMs: 100,
    });
    for (const event of EVENTS) {
      this.client.on(event, ({ id }) => this.told.push(`${this.client.lastEventId ?? ''} ${event} ${id}`));
    }
    this.client.on('resync', ({ reason }) => this.resyncs.push(reason));
    this.client.on('state', (state) => {
      if (state.state === 'live') this.transports.add(state.transport);
    });
    this.client.on('error', ({ code }) => this.errors.push(code));
    this.client.connect();
    opened.push(this.client);
  }

  /** Whether the server has told where the client is: from then on it misses nothing. */
  get isPlaced(): boolean {
    return this.client.lastEventId !== undefined;
  }
}

const lineOf = ({ position, event, id }: Happening): string => `${position} ${event} ${id}`;

/**
 * What a client should have told. A post that is gone when a client comes back is not told of, nor any edit of it before:
 * of those, what was told.
 */
function dueOf(happenings: readonly Happening[], told: readonly string[]): string[] {
  const gone = new Set(happenings.filter(({ event }) => event === 'deleted').map(({ id }) => id));
  // By their positions, too: a client may know the first edit of a post, and be away for the second and the deletion.
  const known = new Set(told);
  return happenings
    .filter((each) => each.event === 'deleted' || !gone.has(each.id) || known.has(lineOf(each)))
    .map(lineOf);
}

/** A steady load of everything that can happen, as far as the machine allows. */
async function load(system: LiveSystem, { clients, authors }: Graph): Promise<void> {
  const posts: { id: string; author: string }[] = [];
  // At least as long as it takes to kill each notifier, and the first one again.
  for (let i = 0; i < POSTS || system.kills < 3; i++) {
    const author = pick(authors);
    posts.push(await system.send('POST', '/posts', { author, text: `number ${i}` }));
    if (i % 2 === 0) {
      const { id, author: its } = pick(posts);
      await system.send('PATCH', `/posts/${id}`, { author: its, text: `${i}` });
    }
    if (i % 3 === 0) {
      await system.send('POST', '/messages', { from: pick(clients), to: pick(clients), text: `${i}` });
    }
    if (i % 8 === 0) {
      const [{ id, author: its } = { id: '', author: '' }] = posts.splice(
        Math.floor(random() * posts.length),
        1,
      );
      await system.send('DELETE', `/posts/${id}?author=${its}`);
    }
  }
}

async function breakOff(balancer: Balancer, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    balancer.breakOff();
    await delay(20);
  }
}

describe('the client', () => {
  let system: LiveSystem;
  let balancer: Balancer;
  beforeAll(async () => {
    system = await LiveSystem.start(2, { FANOUT_PUSH_MAX_FOLLOWERS: '10' });
    balancer = await Balancer.start(system.notifiers.map(({ url }) => url));
  }, 60_000);
  afterAll(cleanUp);
  afterEach(() => {
    for (const client of opened.splice(0)) client.close();
  });

  it('tells each event once and in order, while the notifiers are killed in turn', async () => {
    const graph = new Graph(CLIENTS, AUTHORS, random);
    await importLines(system.posts.url, graph.lines);
    const followers = graph.clients.map(
      (user, i) => new Follower(user, TRANSPORTS[i % 2] ?? 'sse', { url: balancer.url }),
    );
    await until(() => followers.every(({ isPlaced }) => isPlaced), 'everybody is connected');
    const over = new AbortController();
    const breaking = Promise.all([system.killInTurn(over.signal), breakOff(balancer, over.signal)]);
    await load(system, graph);
    over.abort();
    await breaking;
    const histories = await system.histories();
    const due = ({ user, told }: Follower): string[] => dueOf(concerning(user, graph, histories), told);
    await until(
      () => followers.every((follower) => follower.told.length >= due(follower).length),
      'everything is told',
    );
    for (const follower of followers) {
      expect(follower.told).toEqual(due(follower));
      expect(follower.resyncs).toEqual([]);
      expect(follower.errors.filter((code) => !TO_BE_EXPECTED.includes(code))).toEqual([]);
      expect([...follower.transports]).toEqual([follower.transport]);
    }
    const all = followers.flatMap(({ told }) => told);
    for (const event of EVENTS) expect(all.filter((line) => line.includes(` ${event} `))).not.toEqual([]);
    const errors = new Set(followers.flatMap((follower) => follower.errors));
    expect([...errors]).toEqual(expect.arrayContaining(['connect-failed', 'connection-lost']));
  }, 120_000);

  it.each(TRANSPORTS)(
    'tells to resync where nobody was, and goes on from there, over %s',
    async (transport) => {
      const user = `lost-${transport}`;
      const message = { from: 'ann', to: user, text: 'psst' };
      // Something happened there before.
      await system.send('POST', '/messages', message);
      const lost = new Follower(user, transport, { url: balancer.url, lastEventId: 'nonsense' });
      await until(() => lost.resyncs.length > 0, 'it is told to resync');
      const { id } = await system.send<{ id: string }>('POST', '/messages', message);
      await until(() => lost.told.length > 0, 'it is told of the message');
      expect(lost.told).toEqual([expect.stringMatching(`^\\S+ message ${id}$`)]);
      expect([lost.resyncs, lost.errors]).toEqual([['server'], []]);
    },
  );

  it.each(TRANSPORTS)('lets go of the connection where it is closed, over %s', async (transport) => {
    await until(async () => (await system.connections()) === 0, 'the others have gone');
    const user = `closing-${transport}`;
    const [closed, witness] = [
      new Follower(user, transport, { url: balancer.url }),
      new Follower(user, transport, { url: balancer.url }),
    ];
    await until(() => closed.isPlaced && witness.isPlaced, 'both are connected');
    closed.client.close();
    await until(async () => (await system.connections()) === 1, 'it has gone');
    await system.send('POST', '/messages', { from: 'ann', to: user, text: 'psst' });
    await until(() => witness.told.length > 0, 'the other one is told');
    expect([closed.told, closed.errors, closed.client.state]).toEqual([[], [], { state: 'closed' }]);
    witness.client.close();
    await until(async () => (await system.connections()) === 0, 'the other one has gone');
  });
});
