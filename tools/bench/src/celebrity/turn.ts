import type { Cost } from '../shared/measured-redis.js';
import { quantile } from '../shared/statistics.js';
import type { LoadReport, LoadSpec, Posted } from './calls.js';
import { checkPages, dueOnPages } from './checks.js';
import type { CelebrityFigures, TurnFigures, WindowFigures } from './figures.js';
import type { Plan } from './plan.js';
import type { System } from './systems.js';
import type { Stage } from './world.js';

/** What was done in a window, and what it took. */
interface Watched {
  readonly report: LoadReport;
  readonly celebrityPost: Visible | undefined;
  readonly clientCpuUs: number;
  readonly redis: Cost;
}

/** A post, with when all its followers could read it. */
type Visible = Posted & { readonly visibleMs: number };

/** Measures a contestant once. @throws Error where a page lacks a post that it is to have */
export async function takeTurn(system: System, stage: Stage, round: number): Promise<TurnFigures> {
  const { plan } = stage;
  if (round === 0) await warmUp(system, stage);
  const { window: quiet } = await measure(system, stage, loadOf(plan, round + 1));
  const celebrities: CelebrityFigures[] = [];
  for (const [index, followers] of plan.celebrities.entries()) {
    const { window, allMs } = await measure(system, stage, loadOf(plan, round + 1, index));
    celebrities.push({
      ...window,
      followers,
      allMs,
      extraRedisCpuMs: window.redisCpuMs - (quiet.redisCpuMs / quiet.seconds) * window.seconds,
      p99Ratio: window.posts.p99Ms / quiet.posts.p99Ms,
    });
  }
  return { quiet, celebrities };
}

/** Lets everything run once before it is measured. */
async function warmUp(system: System, { plan }: Stage): Promise<void> {
  const { report } = await watch(system, loadOf(plan, 0, 0));
  await makeVisible(system, report.posts);
}

/** The same for all contestants. */
function loadOf(
  { postsPerSecond, pagesPerSecond, seconds, maxSeconds }: Plan,
  round: number,
  celebrity?: number,
): LoadSpec {
  const seed = 100 * round + 10 * (celebrity ?? 9);
  const load = { postsPerSecond, pagesPerSecond, seconds, maxSeconds, seed };
  return celebrity === undefined ? load : { ...load, celebrity };
}

async function measure(
  system: System,
  stage: Stage,
  load: LoadSpec,
): Promise<{ readonly window: WindowFigures; readonly allMs: number }> {
  const watched = await watch(system, load);
  const { report, celebrityPost } = watched;
  const posts = await makeVisible(system, report.posts);
  const due = dueOnPages(stage, posts, celebrityPost, load.seed);
  checkPages(
    due,
    await system.service.call(
      'pages',
      due.map(({ reader }) => reader),
    ),
  );
  const allMs = celebrityPost === undefined ? 0 : celebrityPost.visibleMs - celebrityPost.dueMs;
  return { window: figuresOf(watched, posts), allMs };
}

/** Opens a window, and waits until it is over; where a celebrity posts, until all followers can read that. */
async function watch({ redis, service, worker }: System, load: LoadSpec): Promise<Watched> {
  const clientCpuUs = async (): Promise<number> =>
    (await service.call('cpuUs')) + (await worker.call('cpuUs'));
  const seeCelebrityPost = async (): Promise<Visible | undefined> => {
    if (load.celebrity === undefined) return undefined;
    const post = await service.call('celebrityPost');
    const [visibleMs = NaN] = await worker.call('visibleAtMs', [post.id]);
    await service.call('end');
    return { ...post, visibleMs };
  };
  const before = await clientCpuUs();
  const { value, ...cost } = await redis.cost(async () =>
    Promise.all([service.call('load', load), seeCelebrityPost()]),
  );
  const [report, celebrityPost] = value;
  return { report, celebrityPost, redis: cost, clientCpuUs: (await clientCpuUs()) - before };
}

async function makeVisible({ worker }: System, posts: readonly Posted[]): Promise<Visible[]> {
  const visibleMs = await worker.call(
    'visibleAtMs',
    posts.map(({ id }) => id),
  );
  return posts.map((post, i) => ({ ...post, visibleMs: visibleMs[i] ?? NaN }));
}

function figuresOf({ report, redis, clientCpuUs }: Watched, posts: readonly Visible[]): WindowFigures {
  const postMs = posts.map(({ visibleMs, dueMs }) => visibleMs - dueMs);
  return {
    seconds: report.seconds,
    posts: { p50Ms: quantile(postMs, 0.5), p99Ms: quantile(postMs, 0.99), maxMs: quantile(postMs, 1) },
    pages: report.pages,
    redisCpuMs: redis.cpuUs / 1000,
    redisBusy: redis.cpuUs / 1e6 / redis.seconds,
    clientBusy: clientCpuUs / 1e6 / redis.seconds,
  };
}
