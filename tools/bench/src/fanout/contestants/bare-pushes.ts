import { Baseline } from '../baseline.js';
import type { OpenFanOut } from '../contestant.js';
import { type Graph, readerName } from '../graph.js';
import { idOf } from '../post.js';

const CHUNK = 1000;

/**
 * Pipelines of `LPUSHX`, to followers that are in the memory of the process: the least that a push from outside costs. It
 * is no system: it keeps nothing, cuts nothing, and knows of no follow that comes later.
 */
export const openBarePushes: OpenFanOut = openBare('bare', 'lpushx');

/** The same by `RPUSHX`: to append to a list moves nothing that is in it. */
export const openBareAppends: OpenFanOut = openBare('bare-appends', 'rpushx');

function openBare(name: string, push: 'lpushx' | 'rpushx'): OpenFanOut {
  return async (redisUrl) => {
    const baseline = new Baseline(redisUrl, name);
    const { redis } = baseline;
    const newestIs = push === 'lpushx' ? 'first' : 'last';
    let known: Graph | undefined;
    return Promise.resolve({
      prepare: async (graph) => {
        known = graph;
        await baseline.fillLists(graph, newestIs);
      },
      accept: async (posts) => Promise.resolve(posts),
      deliver: async (posts) => {
        for (const { n, author } of posts) {
          const followers = known?.followersOf(author) ?? new Int32Array();
          for (let from = 0; from < followers.length; from += CHUNK) {
            const pipeline = redis.pipeline();
            for (const follower of followers.subarray(from, from + CHUNK)) {
              pipeline[push](baseline.timelineKey(readerName(follower)), idOf(n));
            }
            await pipeline.exec();
          }
        }
      },
      newest: async (reader, count) => baseline.newestOfList(reader, count, newestIs),
      close: async () => {
        baseline.close();
        return Promise.resolve();
      },
    });
  };
}
