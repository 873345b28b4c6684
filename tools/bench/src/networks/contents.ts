import { partitionOfUser } from 'redis-fanout';

import { type Graph, readerName } from '../fanout/graph.js';
import { PARTITIONS } from '../fanout/plan.js';
import type { NumberedPost } from '../fanout/post.js';
import { deliveriesOf } from '../fanout/posts.js';

/** What is in a recording, and how much of it is measured. */
export interface Contents {
  /** Users who follow anybody. */
  readonly readers: number;
  readonly follows: number;
  readonly mostFollowers: number;
  /** Followers that an author has in one partition, at most. */
  readonly mostInPartition: number;
  /** Of the whole log. */
  readonly events: number;
  readonly measured: Measured;
}

/** The part of the log that is measured. */
interface Measured {
  readonly events: number;
  /** Events of users that have followers. */
  readonly withFollowers: number;
  readonly deliveries: number;
}

/** Of a recording the first so many events of which are measured. */
export function contentsOf(graph: Graph, posts: readonly NumberedPost[], events: number): Contents {
  const measured = posts.slice(0, events);
  const users = Array.from({ length: graph.readers }, (_, user) => user);
  const largest = (sizeOf: (user: number) => number): number =>
    users.reduce((most, user) => Math.max(most, sizeOf(user)), 0);
  return {
    readers: users.filter(graph.isActive).length,
    follows: graph.follows,
    mostFollowers: largest((user) => graph.followersOf(user).length),
    mostInPartition: largest((user) => largestPart(graph.followersOf(user))),
    events: posts.length,
    measured: {
      events: measured.length,
      withFollowers: measured.filter(({ author }) => graph.followersOf(author).length > 0).length,
      deliveries: deliveriesOf(graph, measured),
    },
  };
}

/** Of these readers so many are in one partition, at most. */
function largestPart(readers: Int32Array): number {
  const parts = Array.from({ length: PARTITIONS }, () => 0);
  for (const reader of readers) {
    const partition = partitionOfUser(readerName(reader), PARTITIONS);
    parts[partition] = (parts[partition] ?? 0) + 1;
  }
  return Math.max(...parts);
}
