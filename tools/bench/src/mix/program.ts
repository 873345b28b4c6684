/** The process of a contestant of the suite `mix`. */
import { answerCalls } from '../shared/calls.js';
import type { MixCalls } from './calls.js';
import { Clients } from './clients.js';
import { CONTESTANTS } from './contestants.js';
import { makeUsers } from './users.js';

let opened: Clients | undefined;

function clients(): Clients {
  if (opened === undefined) throw new Error('no contestant is open');
  return opened;
}

answerCalls({
  open: async ({ contestant, redisUrl, users: spec, posts }) => {
    const found = CONTESTANTS.find(({ name }) => name === contestant);
    if (found === undefined) throw new Error(`there is no contestant ${contestant}`);
    const feed = await found.open(redisUrl);
    const users = makeUsers(spec);
    const newest = await feed.prepare(users, posts);
    opened = new Clients(feed);
    opened.haveSeen(users.active, newest);
  },
  run: async ({ operations, checks, atOnce }) => {
    const startedAt = performance.now();
    const before = process.cpuUsage();
    const posts = await clients().perform(operations, checks, atOnce);
    const { user, system } = process.cpuUsage(before);
    return { seconds: (performance.now() - startedAt) / 1000, cpuUs: user + system, posts };
  },
  pages: async (users) => Promise.all(users.map(async (user) => clients().page(user))),
} satisfies MixCalls);
