import { LISTS, OURS, SORTED_SETS } from '../fanout/contestants.js';
import { bullets } from '../shared/markdown.js';
import { whole } from '../shared/statistics.js';
import { ALL_PUSHED } from './contestants.js';
import { AT_ONCE, ENTRIES, PAGE, type Plan } from './plan.js';

/** What the figures are. */
export function notes(plan: Plan): string {
  const { celebrities, warm, seconds, maxSeconds } = plan;
  return bullets([
    `**Each contestant** is a service, which publishes and reads, and a worker, which delivers, in processes of their own, on
    a Redis of its own that keeps nothing on disk. It has ${whole(celebrities.at(-1) ?? 0)} readers, each with a timeline of
    ${ENTRIES} posts; timelines in use are longer, and sorted sets of more than 128 entries are slower than these.`,
    `**Everything is due at random times**, the same for all contestants, whether or not others are answered by then. All
    latencies count from when something was due. The pages have ${PAGE} posts with their texts, and are those of
    ${whole(warm)} readers, who are the first to follow each celebrity, and whom the small authors write to.`,
    `**Windows** last ${seconds} s: one without a celebrity's post, then one with a post to each audience. Where its delivery
    takes longer, the window goes on until it is through, for at most ${maxSeconds} s; after that it has Redis to itself.`,
    `**Service and worker share a core**, which sets the load: 2,000 pages a second were tried, and were too many for the core
    of ${OURS} (“Clients busy” says how full it is with these). With a core of its own the worker of the others would be
    through sooner, as their pushes take most of their time outside of Redis.`,
    `**${OURS}** has its defaults: where more than 10,000 followers of an author are in one of its 8 partitions, a post is put
    once into a short list there, which their pages merge in. **${ALL_PUSHED}** is the same with
    \`pushMaxFollowers: Infinity\`. Both have no limit of 5 s for a command, so that what waits longer is measured.`,
    `**${LISTS}** and **${SORTED_SETS}**: the service stores the post as JSON, and queues it in a list; the worker takes it by
    \`BLPOP\`, up to ${AT_ONCE} posts at once, and pushes by pipelines of 1,000 followers, so that a large audience does not
    have all others wait.`,
    `**A small post** is visible when all its followers can read it: with the others when their worker has the answers to its
    pushes; with ours at the time that the post itself knows (\`posts.delivery\`), which Redis notes one call later. That
    is in whole milliseconds, rounded down: half a millisecond is added. The same goes for the celebrity's post.`,
    `**Redis, ms of CPU** is what Redis has spent beyond what it spends on as long a window without such a post: where that is
    little, it is lost in what comes and goes. **Busy** is the processor time, of Redis or of service and worker together,
    in a second of the window.`,
    `After each window the pages of readers at random are looked at for the celebrity's post and for the last of the small
    ones.`,
  ]);
}
