import type { Cores } from '../shared/cores.js';
import { MeasuredRedis } from '../shared/measured-redis.js';
import { OnDemand } from '../shared/on-demand.js';
import { Runners, type SystemSpec } from './runners.js';

/** Contestants on a Redis of their own for each system: it is idle while another one has its turn. */
export class Systems extends OnDemand<SystemSpec, Runners> {
  constructor(private readonly cores: Cores) {
    super();
  }

  protected override async start(spec: SystemSpec): Promise<Runners> {
    const redis = this.stopLater(await MeasuredRedis.start(this.cores.redis));
    return this.stopLater(new Runners(redis, spec, this.cores.client));
  }
}
