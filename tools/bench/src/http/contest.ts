import { programFile, serviceFile } from '../shared/child.js';
import type { HttpRequest } from './http-request.js';
import { type Amounts, PAGE_LIMIT, type Plan } from './plan.js';
import { pageRequests, postRequests, refreshRequests } from './requests.js';
import type { SeededReader } from './seeding.js';

/** A server that answers the requests of a contest. */
export interface Contestant {
  readonly name: string;
  /** The program of the server, which is told by its environment where it listens. */
  readonly script: string;
}

/** A request for which servers are compared; the first contestant is ours. */
export interface Contest {
  readonly name: 'page' | 'refresh' | 'post';
  readonly title: string;
  readonly route: string;
  readonly contestants: readonly Contestant[];
  readonly requests: readonly HttpRequest[];
  /** What all of them are to be answered with. */
  readonly status: 200 | 201;
  readonly amounts: Amounts;
}

export const FASTIFY = 'Fastify';
const FASTIFY_WITH_LIBRARY = 'Fastify and the library';
export const TIMELINE_SERVICE = 'timeline-service';
export const POST_SERVICE = 'post-service';

const READING: readonly Contestant[] = [
  { name: TIMELINE_SERVICE, script: serviceFile(TIMELINE_SERVICE) },
  { name: FASTIFY_WITH_LIBRARY, script: programFile('http/programs/library-timelines') },
  { name: FASTIFY, script: programFile('http/programs/fastify-timelines') },
];

const WRITING: readonly Contestant[] = [
  { name: POST_SERVICE, script: serviceFile(POST_SERVICE) },
  { name: FASTIFY_WITH_LIBRARY, script: programFile('http/programs/library-posts') },
  { name: FASTIFY, script: programFile('http/programs/fastify-posts') },
];

/** What is measured. */
export function contests(plan: Plan, readers: readonly SeededReader[]): readonly Contest[] {
  return [
    {
      name: 'page',
      title: `A page of ${PAGE_LIMIT} posts`,
      route: 'GET /timelines/{user}',
      contestants: READING,
      requests: pageRequests(readers),
      status: 200,
      amounts: plan.pages,
    },
    {
      name: 'refresh',
      title: 'A refresh that finds nothing new',
      route: 'GET /timelines/{user}?since={postId}',
      contestants: READING.filter(({ name }) => name !== FASTIFY_WITH_LIBRARY),
      requests: refreshRequests(readers),
      status: 200,
      amounts: plan.refreshes,
    },
    {
      name: 'post',
      title: 'A post',
      route: 'POST /posts',
      contestants: WRITING,
      requests: postRequests(plan.writers),
      status: 201,
      amounts: plan.posts,
    },
  ];
}
