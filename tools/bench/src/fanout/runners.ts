import { fileURLToPath } from 'node:url';

import { Child } from '../shared/child.js';
import type { ContestantCalls } from './calls.js';
import { contestantNamed } from './contestants.js';
import { type Graph, type GraphSpec, makeGraph } from './graph.js';
import { Model } from './posts.js';
import type { Running } from './turn.js';

/** Also for the sources: the built program. */
const PROGRAM = fileURLToPath(new URL('../../dist/fanout/program.js', import.meta.url));

/** Where contestants run. */
export interface Place {
  readonly redisUrl: string;
  readonly spec: GraphSpec;
  readonly partitions: number;
  /** The core of their processes. */
  readonly core: number | undefined;
}

/** Contestants in processes of their own, on one Redis: started when their turn comes first. */
export class Runners {
  readonly graph: Graph;
  private readonly running = new Map<string, Running>();

  constructor(private readonly place: Place) {
    this.graph = makeGraph(place.spec);
  }

  async get(contestant: string): Promise<Running> {
    return this.running.get(contestant) ?? this.start(contestant);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running.values()].map(async ({ process }) => process.stop()));
  }

  private async start(contestant: string): Promise<Running> {
    const { redisUrl, spec, partitions, core } = this.place;
    const process = Child.start<ContestantCalls>({ script: PROGRAM }, core);
    const { mixesNeighbours = false } = contestantNamed(contestant);
    const running = { process, model: new Model(this.graph), mixesNeighbours };
    this.running.set(contestant, running);
    await process.call('open', { contestant, redisUrl, graph: spec, partitions });
    return running;
  }
}
