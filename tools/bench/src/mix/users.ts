import { type Graph, graphOf, makeGraph, readerName } from '../fanout/graph.js';

/** Users who may all write and read. */
export interface UsersSpec {
  readonly users: number;
  /** Follows in all, about: by a power law. */
  readonly follows: number;
  /** Of a hundred users so many are active: the others neither post nor read. */
  readonly activePercent: number;
  readonly seed: number;
}

/** Who follows whom, nobody themselves; and who is active. */
export interface Users {
  readonly graph: Graph;
  readonly active: readonly number[];
}

/** Makes users: always the same of the same numbers. */
export function makeUsers({ users, ...law }: UsersSpec): Users {
  const drawn = makeGraph({ kind: 'power-law', readers: users, authors: users, ...law });
  const everybody = Array.from({ length: users }, (_, user) => user);
  const audiences = everybody.map((author) =>
    drawn.followersOf(author).filter((reader) => reader !== author),
  );
  return { graph: graphOf(users, audiences), active: everybody.filter(drawn.isActive) };
}

/** A user has one name, as author and as reader. */
export const userName = readerName;
