import { setTimeout as delay } from 'node:timers/promises';

import { cleanUp, onCleanUp, until } from 'test-support';

import { seededRandom } from '../../src/compare/random.js';
import { LiveClient } from './live-client.js';
import { concerning, Graph, LiveSystem } from './live-system.js';
import { importLines } from './running-services.js';

const CLIENTS = 200;
const AUTHORS = 20;

const random = seededRandom(11);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

interface Outcome {
  readonly client: string;
  readonly told: readonly string[];
  /** What happened in the client's partition, in that order, as far as it concerns the client. */
  readonly expected: readonly string[];
}

/** Two notifiers under a steady load, which are killed in turn, while clients come and go and subscriptions break. */
class Scene {
  readonly graph = new Graph(CLIENTS, AUTHORS, random);
  readonly sent = { posts: new Set<string>(), messages: new Set<string>() };

  private constructor(private readonly system: LiveSystem) {}

  static async set(): Promise<Scene> {
    return new Scene(await LiveSystem.start(2, { FANOUT_PUSH_MAX_FOLLOWERS: '10' }));
  }

  get kills(): number {
    return this.system.kills;
  }

  /** At least so many posts, and so many kills. */
  async run(resumes: boolean, least: { posts: number; kills: number }): Promise<Outcome[]> {
    await importLines(this.system.posts.url, this.graph.lines);
    const clients = this.connectAll(resumes);
    await until(() => clients.every(({ isPlaced }) => isPlaced), 'everybody is connected');
    const over = new AbortController();
    const breaking = Promise.all([this.system.killInTurn(over.signal), this.breakOff(clients, over.signal)]);
    await this.send(least);
    over.abort();
    await breaking;
    const histories = await this.system.histories();
    const expected = clients.map(({ user }) =>
      concerning(user, this.graph, histories).map(({ event, id }) => `${event} ${id}`),
    );
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
    const urls = this.system.notifiers.map(({ url }) => url);
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

  /** Steadily, as far as the machine allows. */
  private async send({ posts, kills }: { posts: number; kills: number }): Promise<void> {
    const { clients, authors } = this.graph;
    for (let i = 0; i < posts || this.kills < kills; i++) {
      const text = `number ${i}`;
      this.sent.posts.add(await this.accepted('/posts', { author: pick(authors), text }));
      if (i % 3 > 0) continue;
      const message = { from: pick(clients), to: pick(clients), text };
      this.sent.messages.add(await this.accepted('/messages', message));
    }
  }

  private async accepted(path: string, body: object): Promise<string> {
    return (await this.system.send<{ id: string }>('POST', path, body)).id;
  }

  private async breakOff(clients: readonly LiveClient[], over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      pick(clients).breakOff();
      await delay(20);
    }
  }
}

describe('connected clients', () => {
  afterEach(cleanUp);

  it('are told each thing once and in order, whatever breaks', async () => {
    const scene = await Scene.set();
    const outcomes = await scene.run(true, { posts: 600, kills: 4 });
    for (const { told, expected } of outcomes) expect(told).toEqual(expected);
    // What they are held to is everything.
    const all = new Set(outcomes.flatMap(({ expected }) => expected));
    expect([...scene.sent.messages].every((id) => all.has(`message ${id}`))).toBe(true);
    expect([...scene.sent.posts].every((id) => all.has(`post ${id}`))).toBe(true);
    expect(scene.kills).toBeGreaterThanOrEqual(4);
  }, 180_000);

  it('that do not say where they were miss something: so the test would notice', async () => {
    const scene = await Scene.set();
    const outcomes = await scene.run(false, { posts: 200, kills: 2 });
    const differing = outcomes.filter(({ told, expected }) => told.join() !== expected.join());
    expect(differing.length).toBeGreaterThan(CLIENTS / 2);
  }, 180_000);
});
