import { setTimeout as delay } from 'node:timers/promises';

import { Redis } from 'ioredis';
import { Fanout } from 'redis-fanout';
import { cleanUp, onCleanUp, ownRedis, until } from 'test-support';

import { seededRandom } from '../../src/compare/random.js';
import { type ImportLine, partitionOf, untilSettled } from '../../src/index.js';
import { LiveClient } from './live-client.js';
import { importLines, RunningService } from './running-services.js';

const CLIENTS = 200;
const AUTHORS = 20;
const POSTS = 1200;

const random = seededRandom(11);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

async function start(name: string, env: NodeJS.ProcessEnv): Promise<RunningService> {
  const service = await RunningService.start(name, env);
  onCleanUp(() => service.stop());
  return service;
}

async function post(url: string, body: object): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(response.status).toBe(201);
  return ((await response.json()) as { id: string }).id;
}

/** Who follows whom: every client the first author, and some of the others. */
class Graph {
  readonly clients = Array.from({ length: CLIENTS }, (_, i) => `client-${i}`);
  readonly authors = Array.from({ length: AUTHORS }, (_, i) => `author-${i}`);
  readonly lines: ImportLine[] = this.clients.flatMap((client) =>
    this.authors
      .filter((_, i) => i === 0 || random() < 0.3)
      .map((author): ImportLine => ({ follow: [client, author] })),
  );
  private readonly follows = new Set(this.lines.map((line) => JSON.stringify(line)));

  has(client: string, author: string): boolean {
    return this.follows.has(JSON.stringify({ follow: [client, author] }));
  }
}

/** What happened in each partition, in order. */
async function readHistories(redis: Redis): Promise<Record<string, string>[][]> {
  const { outboxes } = await Fanout.open({ client: redis });
  return Promise.all(
    outboxes.map(async (outbox) => {
      const entries = await redis.xrange(outbox.replace(/outbox$/, 'deliveries'), '-', '+');
      return entries.map(([, fields]) =>
        Object.fromEntries(fields.flatMap((field, i) => (i % 2 === 0 ? [[field, fields[i + 1] ?? '']] : []))),
      );
    }),
  );
}

interface Outcome {
  readonly client: string;
  readonly told: readonly string[];
  /** What happened in the client's partition, in that order, as far as it concerns the client. */
  readonly expected: readonly string[];
}

/** Two notifiers under a steady load, which are killed in turn, while clients come and go and subscriptions break. */
class Scene {
  readonly graph = new Graph();
  readonly sent = { posts: new Set<string>(), messages: new Set<string>() };
  kills = 0;

  private constructor(
    private readonly redis: Redis,
    private readonly posts: RunningService,
    private readonly worker: RunningService,
    private readonly notifiers: readonly RunningService[],
  ) {}

  static async set(): Promise<Scene> {
    const { url } = await ownRedis();
    const redis = new Redis(url);
    onCleanUp(() => {
      redis.disconnect();
    });
    const env = { REDIS_URL: url, FANOUT_PUSH_MAX_FOLLOWERS: '10', RATE_LIMIT_POSTS_PER_MINUTE: '0' };
    const [posts, worker, ...notifiers] = await Promise.all([
      start('post-service', env),
      start('fanout-worker', env),
      start('notifier', env),
      start('notifier', env),
    ]);
    return new Scene(redis, posts, worker, notifiers);
  }

  async run(resumes: boolean): Promise<Outcome[]> {
    await importLines(this.posts.url, this.graph.lines);
    const clients = this.connectAll(resumes);
    await until(() => clients.every(({ isPlaced }) => isPlaced), 'everybody is connected');
    const over = new AbortController();
    const breaking = Promise.all([this.killInTurn(over.signal), this.breakOff(clients, over.signal)]);
    await this.send();
    over.abort();
    await breaking;
    await untilSettled(this.worker.url);
    const histories = await readHistories(this.redis);
    const expected = clients.map(({ user }) => this.expectedOf(user, histories));
    if (resumes) {
      await until(
        () => clients.every(({ told }, i) => told.length >= (expected[i]?.length ?? 0)),
        'everybody is told everything',
      );
    }
    for (const client of clients) client.close();
    return clients.map(({ user, told }, i) => ({ client: user, told, expected: expected[i] ?? [] }));
  }

  private connectAll(resumes: boolean): LiveClient[] {
    const urls = this.notifiers.map(({ url }) => url);
    const clients = this.graph.clients.map((user, i) => {
      const way = i % 2 === 0 ? 'sse' : 'websocket';
      return new LiveClient(user, way, i % 4 < 2 ? urls : urls.toReversed(), resumes);
    });
    for (const client of clients) client.open();
    onCleanUp(() => {
      for (const client of clients) client.close();
    });
    return clients;
  }

  /** Steadily, as far as the machine allows; at least as long as it takes to kill each notifier twice. */
  private async send(): Promise<void> {
    const { clients, authors } = this.graph;
    for (let i = 0; i < POSTS || this.kills < 4; i++) {
      const text = `number ${i}`;
      this.sent.posts.add(await post(`${this.posts.url}/posts`, { author: pick(authors), text }));
      if (i % 3 > 0) continue;
      const message = { from: pick(clients), to: pick(clients), text };
      this.sent.messages.add(await post(`${this.posts.url}/messages`, message));
    }
  }

  private async killInTurn(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const notifier = this.notifiers[this.kills % 2];
      await notifier?.killAndRestart();
      await notifier?.ready();
      this.kills++;
      await this.redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    }
  }

  private async breakOff(clients: readonly LiveClient[], over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      pick(clients).breakOff();
      await delay(20);
    }
  }

  private expectedOf(client: string, histories: readonly Record<string, string>[][]): string[] {
    const history = histories[partitionOf(client, histories.length)] ?? [];
    return history.flatMap(({ kind = '', id = '', author = '', to }) => {
      if (kind === 'message') return to === client ? [`message ${id}`] : [];
      return this.graph.has(client, author) ? [`post ${id}`] : [];
    });
  }
}

describe('connected clients', () => {
  afterEach(cleanUp);

  it('are told each thing once and in order, whatever breaks', async () => {
    const scene = await Scene.set();
    const outcomes = await scene.run(true);
    for (const { told, expected } of outcomes) expect(told).toEqual(expected);
    // What they are held to is everything.
    const all = new Set(outcomes.flatMap(({ expected }) => expected));
    expect([...scene.sent.messages].every((id) => all.has(`message ${id}`))).toBe(true);
    expect([...scene.sent.posts].every((id) => all.has(`post ${id}`))).toBe(true);
    expect(scene.kills).toBeGreaterThanOrEqual(4);
  }, 180_000);

  it('that do not say where they were miss something: so the test would notice', async () => {
    const scene = await Scene.set();
    const outcomes = await scene.run(false);
    const differing = outcomes.filter(({ told, expected }) => told.join() !== expected.join());
    expect(differing.length).toBeGreaterThan(CLIENTS / 2);
  }, 180_000);
});
