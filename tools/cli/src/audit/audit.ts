import type { Fanout, TimelineFindings } from 'redis-fanout';

/** Timelines that are looked at at once. */
const CONCURRENCY = 4;

/** What became of a reader's timeline. */
export interface Audited {
  readonly findings: TimelineFindings;
  /** Whether all is well now. */
  readonly isSound: boolean;
}

/** Checks timelines, and repairs what is damaged where that is wanted; what was repaired is checked again. */
export async function auditTimelines(
  { audit }: Fanout,
  readers: readonly string[],
  repair: boolean,
): Promise<Audited[]> {
  const results: Audited[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < readers.length; i = next++) {
      const reader = readers[i] ?? '';
      const findings = await (repair ? audit.repair(reader) : audit.check(reader));
      const isSound = findings.isSound || (repair && (await audit.check(reader)).isSound);
      results[i] = { findings, isSound };
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return results;
}
