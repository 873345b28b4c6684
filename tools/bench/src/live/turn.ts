import { setTimeout as delay } from 'node:timers/promises';

import { Child, programFile } from '../shared/child.js';
import { nowMs } from '../shared/clock.js';
import type { Cores } from '../shared/cores.js';
import type { MeasuredRedis } from '../shared/measured-redis.js';
import { startServer } from '../shared/server.js';
import { median, quantile } from '../shared/statistics.js';
import type { ClientCalls, ServerCalls, ServerMemory, ServerWork } from './calls.js';
import type { Contestant } from './contestant.js';
import type { TurnFigures } from './figures.js';
import { PAUSE_MS, type Plan } from './plan.js';
import type { Publisher } from './publishers/publisher.js';

const PROBE = programFile('live/programs/probe');

/** What all turns share. */
export interface Stage {
  readonly plan: Plan;
  readonly redis: MeasuredRedis;
  readonly readers: readonly string[];
  readonly cores: Cores;
}

/** What takes part in a turn. */
interface Parts {
  readonly server: Child<ServerCalls>;
  readonly clients: Child<ClientCalls>;
  readonly publisher: Publisher;
}

/** What became of one post. */
interface Told extends ServerWork {
  /** How long it took to each client. */
  readonly latenciesMs: readonly number[];
}

/** Measures a contestant once, in new processes. @throws Error where a client had anything but each post once, in order */
export async function takeTurn(contestant: Contestant, stage: Stage): Promise<TurnFigures> {
  const { redis, readers, cores } = stage;
  const { url: redisUrl } = redis;
  const connections = readers.length;
  const closing: (() => Promise<void>)[] = [];
  // What others, and earlier turns, have left in Redis is gone.
  await redis.reset();
  try {
    const { port, process: server } = await startServer<ServerCalls>(
      {
        script: contestant.server,
        probe: PROBE,
        redisUrl,
        nodeOptions: ['--expose-gc'],
        // The notifier's own limit is 10,000.
        env: { MAX_CONNECTIONS: String(connections) },
      },
      cores.server,
    );
    closing.push(async () => server.stop());
    const clients = Child.start<ClientCalls>({ script: programFile('live/programs/clients') }, cores.clients);
    closing.push(async () => clients.stop());
    const publisher = await contestant.openPublisher(redisUrl);
    closing.push(async () => publisher.close());
    const before = await server.call('memory');
    const { protocol } = contestant;
    const connectSeconds = await clients.call('connect', { protocol, port, readers });
    const grown = perConnection(before, await server.call('memory'), connections);
    return { ...(await tellPosts({ server, clients, publisher }, stage)), ...grown, connectSeconds };
  } finally {
    await Promise.all(closing.map(async (close) => close()));
  }
}

function perConnection(
  before: ServerMemory,
  after: ServerMemory,
  connections: number,
): Pick<TurnFigures, 'residentBytes' | 'heapBytes'> {
  return {
    residentBytes: (after.residentBytes - before.residentBytes) / connections,
    heapBytes: (after.heapBytes - before.heapBytes) / connections,
  };
}

async function tellPosts(
  parts: Parts,
  { plan, redis }: Stage,
): Promise<Omit<TurnFigures, 'residentBytes' | 'heapBytes' | 'connectSeconds'>> {
  let n = 0;
  while (n < plan.warmUpPosts) await tell(parts, ++n);
  const told: Told[] = [];
  const { cpuUs } = await redis.cost(async () => {
    while (told.length < plan.posts) told.push(await tellWatched(parts, ++n));
  });
  // Whatever came twice has come before this.
  await tell(parts, ++n);
  await parts.clients.call(
    'check',
    Array.from({ length: n }, (_, i) => i + 1),
  );
  const latenciesMs = told.flatMap((post) => post.latenciesMs);
  return {
    firstMs: median(told.map((post) => quantile(post.latenciesMs, 0))),
    lastMs: median(told.map((post) => quantile(post.latenciesMs, 1))),
    medianMs: median(latenciesMs),
    p99Ms: quantile(latenciesMs, 0.99),
    loopMaxMs: median(told.map(({ loopMaxMs }) => loopMaxMs)),
    loopP99Ms: median(told.map(({ loopP99Ms }) => loopP99Ms)),
    serverCpuMs: told.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / plan.posts,
    redisCpuMs: cpuUs / 1000 / plan.posts,
  };
}

async function tellWatched(parts: Parts, n: number): Promise<Told> {
  await parts.server.call('watch');
  const latenciesMs = await tell(parts, n);
  const work = await parts.server.call('watched');
  await delay(PAUSE_MS);
  return { ...work, latenciesMs };
}

/** Resolves when everybody has the post, with how long that took to each. */
async function tell({ clients, publisher }: Parts, n: number): Promise<number[]> {
  const publishedAtMs = nowMs();
  await publisher.publish(n);
  const arrivedAtMs = await clients.call('received', n);
  return arrivedAtMs.map((atMs) => atMs - publishedAtMs);
}
