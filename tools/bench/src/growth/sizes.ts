import { BARE, BARE_APPENDS, OURS } from '../fanout/contestants.js';
import { PARTITIONS } from '../fanout/plan.js';
import { counted, whole } from '../shared/statistics.js';
import type { Plan } from './plan.js';

/** A contestant on a system of some size. */
export interface Sized {
  readonly name: string;
  readonly contestant: string;
  readonly readers: number;
  readonly partitions: number;
}

/** Those with more and more readers. */
export function byReaders({ readers }: Plan): Sized[] {
  return readers.flatMap((count) =>
    [OURS, BARE, BARE_APPENDS].map((contestant) => ({
      name: nameOf(contestant, count),
      contestant,
      readers: count,
      partitions: PARTITIONS,
    })),
  );
}

/** Those with more and more partitions. */
export function byPartitions({ partitions, partitioned }: Plan): Sized[] {
  return partitions.map((count) => ({
    name: partitionsName(count),
    contestant: OURS,
    readers: partitioned,
    partitions: count,
  }));
}

export function nameOf(contestant: string, readers: number): string {
  return `${contestant}, ${whole(readers)} readers`;
}

function partitionsName(partitions: number): string {
  return `${OURS}, ${counted(partitions, 'partition')}`;
}
