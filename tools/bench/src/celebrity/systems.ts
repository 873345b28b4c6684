import { fileURLToPath } from 'node:url';

import { Child } from '../shared/child.js';
import { MeasuredRedis } from '../shared/measured-redis.js';
import type { Cores } from '../shared/pinning.js';
import type { ServiceCalls, WorkerCalls } from './calls.js';
import type { Stage } from './world.js';

/** A contestant with all readers, on a Redis of its own. */
export interface System {
  readonly redis: MeasuredRedis;
  readonly service: Child<ServiceCalls>;
  readonly worker: Child<WorkerCalls>;
}

/** The systems of all contestants, which take turns: each is made when its turn comes first. */
export class Systems {
  private readonly running = new Map<string, System>();

  constructor(
    private readonly stage: Stage,
    private readonly cores: Cores | undefined,
  ) {}

  async get(contestant: string): Promise<System> {
    return this.running.get(contestant) ?? this.start(contestant);
  }

  async stop(): Promise<void> {
    for (const { redis, service, worker } of this.running.values()) {
      await Promise.all([service.stop(), worker.stop()]);
      await redis.stop();
    }
    this.running.clear();
  }

  private async start(contestant: string): Promise<System> {
    const { plan, world } = this.stage;
    const { pushMaxFollowers } = plan;
    const redis = await MeasuredRedis.start(this.cores?.server);
    const service = Child.start<ServiceCalls>({ script: programFile('service') }, this.cores?.client);
    const worker = Child.start<WorkerCalls>({ script: programFile('worker') }, this.cores?.client);
    const system = { redis, service, worker };
    this.running.set(contestant, system);
    const opening = {
      contestant,
      redisUrl: redis.url,
      ...(pushMaxFollowers !== undefined && { pushMaxFollowers }),
    };
    await worker.call('open', opening);
    await service.call('open', { ...opening, world: world.spec });
    await service.call('prepare');
    return system;
  }
}

/** Also for the sources: the built program. */
function programFile(name: 'service' | 'worker'): string {
  return fileURLToPath(new URL(`../../dist/celebrity/programs/${name}.js`, import.meta.url));
}
