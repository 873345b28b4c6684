import type { ListFindings, TimelineFindings } from 'redis-fanout';

import type { Audited } from './audit.js';

const SHOWN_IDS = 5;
const KINDS = [
  ['holes', 'hole', 'holes'],
  ['doubles', 'double', 'doubles'],
  ['strangers', 'stranger', 'strangers'],
  ['misplaced', 'out of order', 'out of order'],
] as const;

/** What was found, line by line, and last the sum. */
export function reportLines(audited: readonly Audited[]): string[] {
  if (audited.length === 0) return ['no timelines are there to look at'];
  const all = audited.map(({ findings }) => findings);
  const damaged = all.filter(({ isSound }) => !isSound);
  const left = audited.filter(({ isSound }) => !isSound).length;
  const states = (['live', 'cold', 'building'] as const)
    .map((state) => [all.filter((findings) => findings.state === state).length, state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`);
  const entries = all.reduce((sum, findings) => sum + findings.entries, 0);
  const sum = `${counted(all.length, 'timeline', 'timelines')} (${states.join(', ')}), ${counted(entries, 'entry', 'entries')}`;
  return [...damaged.flatMap(damageLines), `${sum}: ${verdict(damaged.length, left)}`];
}

function verdict(damaged: number, left: number): string {
  if (damaged === 0) return 'all as they should be';
  if (left === 0) return `${damaged} damaged, and repaired`;
  return left === damaged ? `${damaged} damaged` : `${damaged} damaged, ${damaged - left} repaired`;
}

function damageLines(findings: TimelineFindings): string[] {
  const recents = findings.recents.map(
    (recent) => [`${findings.reader}: recent posts of ${recent.author}`, recent] as const,
  );
  return [[findings.reader, findings] as const, ...recents].flatMap(([of, list]) => listLines(of, list));
}

function listLines(of: string, list: ListFindings): string[] {
  return KINDS.filter(([kind]) => list[kind].length > 0).map(([kind, one, many]) => {
    const ids = list[kind];
    const more = ids.length > SHOWN_IDS ? `, and ${ids.length - SHOWN_IDS} more` : '';
    return `${of}: ${counted(ids.length, one, many)}: ${ids.slice(0, SHOWN_IDS).join(', ')}${more}`;
  });
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
