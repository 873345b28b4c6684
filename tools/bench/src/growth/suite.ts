import { loadavg } from 'node:os';

import { postsOf } from '../fanout/posts.js';
import { Runners } from '../fanout/runners.js';
import { takeTurn, type TurnFigures } from '../fanout/turn.js';
import { MeasuredRedis } from '../shared/measured-redis.js';
import { type Cores, pin, twoCores } from '../shared/pinning.js';
import { seededRandom } from '../shared/random.js';
import { failuresOf, inRounds, type Result } from '../shared/rounds.js';
import { describeSetting } from '../shared/setting.js';
import type { Suite, SuiteOptions, SuiteResult } from '../suite.js';
import { FULL_PLAN, type Plan, QUICK_PLAN, READERS_PER_AUTHOR } from './plan.js';
import { growthSection } from './section.js';
import { byPartitions, byReaders, type Sized } from './sizes.js';

/** What deliveries cost as readers, and partitions, become more. */
export const growthSuite: Suite = {
  name: 'growth',
  summary: 'deliveries to 10,000 and to 1,000,000 readers, with 1 and with 64 partitions (8 minutes)',
  run,
};

/** A system of some size. */
interface System {
  readonly redis: MeasuredRedis;
  readonly runners: Runners;
}

async function run({ quick, say }: SuiteOptions): Promise<SuiteResult> {
  const plan = quick ? QUICK_PLAN : FULL_PLAN;
  const [load = 0] = loadavg();
  const cores = quick ? undefined : twoCores();
  if (cores !== undefined) pin(process.pid, cores.client);
  const systems = new Systems(plan, cores);
  try {
    const byGrowth = await systems.measure(byReaders(plan), say);
    await systems.stop();
    const bySplit = await systems.measure(byPartitions(plan), say);
    const setting = { ...describeSetting(await systems.version(), ['libs', 'tools/bench']), cores, load };
    return {
      section: growthSection(byGrowth, bySplit, plan, setting),
      figures: { measuredAt: new Date().toISOString(), setting, byReaders: byGrowth, byPartitions: bySplit },
      failures: failuresOf([...byGrowth, ...bySplit]),
    };
  } finally {
    await systems.stop();
  }
}

/** The systems of all sizes, each with a Redis of its own: they take turns. */
class Systems {
  private readonly running = new Map<string, System>();

  constructor(
    private readonly plan: Plan,
    private readonly cores: Cores | undefined,
  ) {}

  async measure(sizes: readonly Sized[], say: (line: string) => void): Promise<Result<TurnFigures>[]> {
    const { rounds, posts, checked } = this.plan;
    const random = seededRandom(5);
    const turn = async ({ contestant, readers, partitions }: Sized, round: number): Promise<TurnFigures> => {
      const { redis, runners } = await this.system(readers, partitions);
      const { graph } = runners;
      const ofRound = postsOf(graph, posts, round * posts, seededRandom(round));
      return takeTurn(await runners.get(contestant), ofRound, { graph, redis, checked, random });
    };
    return inRounds(sizes, rounds, turn, say);
  }

  /** Of the server that everything runs on. */
  async version(): Promise<string> {
    const [system] = this.running.values();
    if (system === undefined) throw new Error('nothing was measured');
    return system.redis.version();
  }

  async stop(): Promise<void> {
    for (const { redis, runners } of this.running.values()) {
      await runners.stop();
      await redis.stop();
    }
    this.running.clear();
  }

  private async system(readers: number, partitions: number): Promise<System> {
    const name = `${readers} ${partitions}`;
    return this.running.get(name) ?? this.start(name, readers, partitions);
  }

  private async start(name: string, readers: number, partitions: number): Promise<System> {
    const redis = await MeasuredRedis.start(this.cores?.server);
    const authors = readers / READERS_PER_AUTHOR;
    const spec = { kind: 'even', readers, authors, audience: this.plan.audience, seed: 4 } as const;
    const core = this.cores?.client;
    const system = { redis, runners: new Runners({ redisUrl: redis.url, spec, partitions, core }) };
    this.running.set(name, system);
    return system;
  }
}
