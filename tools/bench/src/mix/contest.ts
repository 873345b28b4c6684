import type { NumberedPost } from '../fanout/post.js';
import { postsOf } from '../fanout/posts.js';
import { Child, programFile } from '../shared/child.js';
import type { Cores } from '../shared/cores.js';
import { MeasuredRedis } from '../shared/measured-redis.js';
import { OnDemand } from '../shared/on-demand.js';
import { below, seededRandom } from '../shared/random.js';
import { inRounds, type Result } from '../shared/rounds.js';
import type { Say } from '../shared/terminal.js';
import type { Checks, MixCalls } from './calls.js';
import { CONTESTANTS, type MixContestant } from './contestants.js';
import { Model } from './model.js';
import { BLOCK, Workload } from './operations.js';
import type { Plan } from './plan.js';
import { type Running, takeTurn, type TurnFigures } from './turn.js';
import { makeUsers, type Users } from './users.js';

const PROGRAM = programFile('mix/program');

/** Contestants in processes of their own, each on a Redis of its own. */
export class Contest extends OnDemand<string, Running> {
  readonly users: Users;
  private readonly posts: readonly NumberedPost[];
  private readonly workload: Workload;
  private readonly random = seededRandom(4);

  constructor(
    private readonly plan: Plan,
    private readonly cores: Cores,
    private readonly say: Say,
  ) {
    super();
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
      return takeTurn(await this.get(contestant.name), { operations: part, checks, atOnce, checked: users });
    };
    return inRounds(CONTESTANTS, rounds, turn, (line) => {
      this.say(`${checks}, ${line}`);
    });
  }

  protected override async start(contestant: string): Promise<Running> {
    this.say(`filling the timelines of ${contestant}`);
    const redis = this.stopLater(await MeasuredRedis.start(this.cores.redis));
    const process = this.stopLater(Child.start<MixCalls>({ script: PROGRAM }, this.cores.client));
    const { posts } = this;
    await process.call('open', { contestant, redisUrl: redis.url, users: this.plan.users, posts });
    return { redis, process, model: new Model(this.users.graph, posts) };
  }

  private activeUser(): number {
    const { active } = this.users;
    return active[below(active.length, this.random)] ?? 0;
  }
}
