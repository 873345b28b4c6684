import { hashTags, partitionOfUser } from 'redis-fanout';

/** The services' own choice on a Redis that is not a cluster. */
const PARTITIONS = 8;

const roots = hashTags(PARTITIONS).map((tag) => `fanout:{${tag}}:`);

/** Where the last change of a body is noted, of all partitions. */
export const changedKey = `${roots[0] ?? ''}changed`;

/** The partition of a user, with three digits, as it stands in ids. */
export function partitionDigits(user: string): string {
  return String(partitionOfUser(user, PARTITIONS)).padStart(3, '0');
}

/** A key in the partition of a user. */
export function keyFor(user: string, what: string): string {
  return `${roots[partitionOfUser(user, PARTITIONS)] ?? ''}${what}`;
}

/** The key of a post, whose id names its partition. */
export function postKey(id: string): string {
  return `${roots[Number(id.slice(13, 16))] ?? ''}post:${id}`;
}
