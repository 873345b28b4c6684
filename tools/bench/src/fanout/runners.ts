import { Child, programFile } from '../shared/child.js';
import type { MeasuredRedis } from '../shared/measured-redis.js';
import { OnDemand } from '../shared/on-demand.js';
import type { ContestantCalls } from './calls.js';
import { contestantNamed } from './contestants.js';
import { type Graph, type GraphSpec, makeGraph } from './graph.js';
import { Model } from './posts.js';
import type { Running } from './turn.js';

/** What contestants are to serve. */
export interface SystemSpec {
  readonly graph: GraphSpec;
  /** For those who have partitions. */
  readonly partitions: number;
}

/** Contestants in processes of their own, on one Redis: started when their turn comes first. */
export class Runners extends OnDemand<string, Running> {
  readonly graph: Graph;

  /** @param core of their processes */
  constructor(
    readonly redis: MeasuredRedis,
    private readonly spec: SystemSpec,
    private readonly core: number | undefined,
  ) {
    super();
    this.graph = makeGraph(spec.graph);
  }

  protected override async start(contestant: string): Promise<Running> {
    const { redis, graph } = this;
    const script = programFile('fanout/program');
    const process = this.stopLater(Child.start<ContestantCalls>({ script }, this.core));
    await process.call('open', { contestant, redisUrl: redis.url, ...this.spec });
    const { mixesNeighbours = false } = contestantNamed(contestant);
    return { process, redis, graph, model: new Model(graph), mixesNeighbours };
  }
}
