import { fileURLToPath } from 'node:url';

import type { NumberedPost } from '../fanout/post.js';
import { postsOf } from '../fanout/posts.js';
import { Child } from '../shared/child.js';
import { MeasuredRedis } from '../shared/measured-redis.js';
import type { Cores } from '../shared/pinning.js';
import { below, seededRandom } from '../shared/random.js';
import { inRounds, type Result } from '../shared/rounds.js';
import type { Checks, MixCalls } from './calls.js';
import { CONTESTANTS, type MixContestant } from './contestants.js';
import { Model } from './model.js';
import { BLOCK, Workload } from './operations.js';
import type { Plan } from './plan.js';
import { type Running, takeTurn, type TurnFigures } from './turn.js';
import { makeUsers, type Users } from './users.js';

/** Also for the sources: the built program. */
const PROGRAM = fileURLToPath(new URL('../../dist/mix/program.js', import.meta.url));

interface System extends Running {
  readonly redis: MeasuredRedis;
  readonly process: Child<MixCalls>;
}

/** Contestants in processes of their own, each on a Redis of its own. */
export class Contest {
  readonly users: Users;
  private readonly posts: readonly NumberedPost[];
  private readonly workload: Workload;
  private readonly random = seededRandom(4);
  private readonly running = new Map<string, System>();

  constructor(
    private readonly plan: Plan,
    private readonly cores: Cores | undefined,
    private readonly say: (line: string) => void,
  ) {
    this.users = makeUsers(plan.users);
    this.posts = postsOf(this.users.graph, plan.filled, -plan.filled, seededRandom(2));
    this.workload = new Workload(this.users, 3);
  }

  /** Lets all contestants take turns at the same operations. */
  async measure(checks: Checks): Promise<Result<TurnFigures>[]> {
    const { rounds, posts, atOnce, checked } = this.plan;
    const turns = Array.from({ length: rounds }, () => ({
      operations: this.workload.next(posts[checks]),
      checked: Array.from({ length: checked }, () => this.activeUser()),
    }));
    const turn = async (contestant: MixContestant, round: number): Promise<TurnFigures> => {
      const { operations = [], checked: users = [] } = turns[round] ?? {};
      const blocks = Math.floor(posts[checks] / contestant.oneIn);
      const part = operations.slice(0, blocks * BLOCK);
      return takeTurn(await this.get(contestant), { operations: part, checks, atOnce, checked: users });
    };
    return inRounds(CONTESTANTS, rounds, turn, (line) => {
      this.say(`${checks}, ${line}`);
    });
  }

  async stop(): Promise<void> {
    for (const { process, redis } of this.running.values()) {
      await process.stop();
      await redis.stop();
    }
  }

  /** Of the server that everything has run on. */
  async version(): Promise<string> {
    const [system] = this.running.values();
    if (system === undefined) throw new Error('nothing was measured');
    return system.redis.version();
  }

  private activeUser(): number {
    const { active } = this.users;
    return active[below(active.length, this.random)] ?? 0;
  }

  private async get(contestant: MixContestant): Promise<Running> {
    return this.running.get(contestant.name) ?? this.start(contestant);
  }

  private async start({ name }: MixContestant): Promise<Running> {
    this.say(`filling the timelines of ${name}`);
    const redis = await MeasuredRedis.start(this.cores?.server);
    const process = Child.start<MixCalls>({ script: PROGRAM }, this.cores?.client);
    const running = { redis, process, model: new Model(this.users.graph, this.posts) };
    this.running.set(name, running);
    const { users } = this.plan;
    await process.call('open', { contestant: name, redisUrl: redis.url, users, posts: this.posts });
    return running;
  }
}
