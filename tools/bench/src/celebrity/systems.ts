import { Child, programFile } from '../shared/child.js';
import type { Cores } from '../shared/cores.js';
import { MeasuredRedis } from '../shared/measured-redis.js';
import { OnDemand } from '../shared/on-demand.js';
import type { ServiceCalls, WorkerCalls } from './calls.js';
import type { Stage } from './world.js';

/** A contestant with all readers, on a Redis of its own. */
export interface System {
  readonly redis: MeasuredRedis;
  readonly service: Child<ServiceCalls>;
  readonly worker: Child<WorkerCalls>;
}

/** The systems of all contestants, which take turns: each is made when its turn comes first. */
export class Systems extends OnDemand<string, System> {
  constructor(
    private readonly stage: Stage,
    private readonly cores: Cores,
  ) {
    super();
  }

  protected override async start(contestant: string): Promise<System> {
    const { plan, world } = this.stage;
    const { pushMaxFollowers } = plan;
    const redis = this.stopLater(await MeasuredRedis.start(this.cores.redis));
    const service = this.stopLater(Child.start<ServiceCalls>(SERVICE, this.cores.client));
    const worker = this.stopLater(Child.start<WorkerCalls>(WORKER, this.cores.client));
    const opening = {
      contestant,
      redisUrl: redis.url,
      ...(pushMaxFollowers !== undefined && { pushMaxFollowers }),
    };
    await worker.call('open', opening);
    await service.call('open', { ...opening, world: world.spec });
    await service.call('prepare');
    return { redis, service, worker };
  }
}

const SERVICE = { script: programFile('celebrity/programs/service') };
const WORKER = { script: programFile('celebrity/programs/worker') };
