import { nowMs } from '../shared/clock.js';
import { pace, type Schedule, scheduleOf } from '../shared/pace.js';
import { below, type Random, seededRandom } from '../shared/random.js';
import { quantile } from '../shared/statistics.js';
import type { LoadReport, LoadSpec, Posted } from './calls.js';
import type { Service } from './contestant.js';
import { type Due, thingsDue } from './schedule.js';
import type { World } from './world.js';

/** Posts are numbered through all windows of a process. */
let numbered = 0;

/** A while in which users do what they do when it is due, whether or not others are answered. */
export class LoadWindow {
  /** The celebrity's post, when it is stored. */
  readonly celebrityPost: Promise<Posted>;
  private readonly due: readonly Due[];
  private readonly schedule: Schedule;
  private readonly random: Random;
  private readonly posted: Posted[] = [];
  private readonly pageMs: number[] = [];
  private readonly underWay: Promise<void>[] = [];
  /** What is due after it is left out. */
  private lastMs: number;
  private toldCelebrityPost: (post: Posted) => void = () => undefined;

  constructor(
    private readonly service: Service,
    private readonly world: World,
    private readonly load: LoadSpec,
  ) {
    this.due = thingsDue(load);
    this.schedule = scheduleOf(this.due.map(({ ms }) => ms));
    this.random = seededRandom(load.seed + 2);
    this.lastMs = load.celebrity === undefined ? load.seconds * 1000 : load.maxSeconds * 1000;
    this.celebrityPost = new Promise((resolve) => (this.toldCelebrityPost = resolve));
  }

  /** Resolves when it is over, and everything answered. @throws the first error */
  async run(): Promise<LoadReport> {
    await pace(this.schedule, (i, end, fail) => {
      const due = this.due[i];
      if (due === undefined || due.ms > this.lastMs) end();
      else this.begin(due, fail);
      if (i === this.due.length - 1) end();
    });
    await Promise.all(this.underWay);
    const { pageMs, posted: posts } = this;
    const pages = { p50Ms: quantile(pageMs, 0.5), p99Ms: quantile(pageMs, 0.99) };
    return { seconds: this.lastMs / 1000, posts, pages };
  }

  /** It may end, when its least time is over. */
  end(): void {
    this.lastMs = Math.min(this.lastMs, Math.max(this.load.seconds * 1000, nowMs() - this.schedule.startMs));
  }

  private begin(due: Due, fail: (error: unknown) => void): void {
    const work = this.serve(due);
    work.catch(fail);
    this.underWay.push(work);
  }

  private async serve({ what, ms }: Due): Promise<void> {
    const dueMs = this.schedule.startMs + ms;
    if (what === 'page') {
      await this.service.page(below(this.world.spec.warm, this.random));
      this.pageMs.push(nowMs() - dueMs);
    } else if (what === 'post') {
      const author = below(this.world.spec.authors, this.random);
      this.posted.push({ id: await this.publish(author), author, dueMs });
    } else {
      const author = this.world.celebrity(this.load.celebrity ?? 0);
      this.toldCelebrityPost({ id: await this.publish(author), author, dueMs });
    }
  }

  private async publish(author: number): Promise<string> {
    return this.service.publish({ n: numbered++, author });
  }
}
