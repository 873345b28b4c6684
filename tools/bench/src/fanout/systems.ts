import { MeasuredRedis } from '../shared/measured-redis.js';
import type { Cores } from '../shared/pinning.js';
import type { GraphSpec } from './graph.js';
import { Runners } from './runners.js';

/** A Redis of its own, and the contestants on it. */
export interface System {
  readonly redis: MeasuredRedis;
  readonly runners: Runners;
}

/** Systems that differ in something, and take turns: each is started when it is needed first, and idle otherwise. */
export class Systems {
  private readonly running = new Map<string, System>();

  constructor(private readonly cores: Cores | undefined) {}

  async get(graph: GraphSpec, partitions: number): Promise<System> {
    const name = JSON.stringify([graph, partitions]);
    return this.running.get(name) ?? this.start(name, graph, partitions);
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

  private async start(name: string, spec: GraphSpec, partitions: number): Promise<System> {
    const redis = await MeasuredRedis.start(this.cores?.server);
    const core = this.cores?.client;
    const system = { redis, runners: new Runners({ redisUrl: redis.url, spec, partitions, core }) };
    this.running.set(name, system);
    return system;
  }
}
