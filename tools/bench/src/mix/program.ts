/** The process of a contestant of the suite `mix`. */
import { answerCalls } from '../shared/calls.js';
import { spend } from '../shared/cpu.js';
import { named } from '../shared/rounds.js';
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
    const feed = await named(CONTESTANTS, contestant).open(redisUrl);
    const users = makeUsers(spec);
    const newest = await feed.prepare(users, posts);
    opened = new Clients(feed);
    opened.haveSeen(users.active, newest);
  },
  run: async ({ operations, checks, atOnce }) => {
    const { value: posts, ...spent } = await spend(async () => clients().perform(operations, checks, atOnce));
    return { ...spent, posts };
  },
  pages: async (users) => Promise.all(users.map(async (user) => clients().page(user))),
} satisfies MixCalls);
