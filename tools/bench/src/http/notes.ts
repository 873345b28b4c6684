import { bullets } from '../shared/markdown.js';
import { CONNECTIONS, OPEN_LOAD, SAMPLE } from './plan.js';

/** What the figures are. */
export function notes(): string {
  return bullets([
    `**Turns.** In each turn the server and what makes the load are new processes, on one Redis that keeps nothing on disk
    and is put back to how it was. ${SAMPLE} requests come first: their answers are compared with what the library says in
    another process, and the commands that Redis runs for them are counted (\`INFO commandstats\`, those within scripts
    included). Then come thousands that only have the server run warm.`,
    `**Requests/s per core**: autocannon keeps ${CONNECTIONS} connections busy, each of which sends its next request when it
    has its answer. The number of requests, divided by the processor time of the server's process with all its threads: so
    it does not matter how much else its core did. Redis's is from \`INFO\`.`,
    `**Latencies** are of requests that are due at random times, the same for all contestants, whether or not others are
    answered by then; they count from when a request was due to the last byte of its answer. The rate is
    ${OPEN_LOAD} times what the service can do with a core.`,
    `**timeline-service** and **post-service** run as they are built, with nothing set but where they listen and their Redis.`,
    `**Fastify** is a server as its documentation shows it, with JSON Schemas for what it takes and what it answers. It sends
    the commands by itself, by ioredis: one pipeline for a page, the library's script (\`defineCommand\`) for a post.
    The library reads pages of the same moment together, so that with many connections a page takes less of Redis; plain
    Fastify sends each for itself. It does no more: no request ids, metrics, limits on the time of a body, or answers for when something is wrong. With
    ioredis's \`enableAutoPipelining\` it takes more processor time for a post, and as much for a page (tried once): so it
    does without.`,
    `**Fastify and the library** is the same server, which has the library do it: what lies between the two is the
    library's, and what lies between it and the service is the service's.`,
    `**What a service adds** to a request: NestJS's router and hooks, a request id, a histogram of durations by route, a line
    in the log (which is off at the level that services have unless told), and checks of what was sent that name each wrong
    field. The routes measured here take Fastify's request and answer it themselves, without NestJS's parameters, pipes and
    interceptors.`,
  ]);
}
