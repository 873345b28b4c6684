import { BULLMQ, CONTESTANTS, PUBSUB, STREAMS } from './contestant.js';
import type { TurnFigures } from './figures.js';
import { FULL_PLAN } from './plan.js';
import { transportPictures, transportSection } from './section.js';

const COSTS = { producerCpuUs: 1, consumerCpuUs: 2, redisCpuUs: 3, wireBytes: 4 };

/** With the figures of a contestant that is so many times as fast as another. */
function turn(times: number): TurnFigures {
  const pace = { ...COSTS, perSecond: 100 * times };
  return {
    backlog: { producing: pace, consuming: { ...pace, wireBytes: 5 }, waitingBytes: 6 },
    flow: pace,
    steady: { ...COSTS, medianMs: 7, p99Ms: 8 / times, maxMs: 9 },
  };
}

const { flow, steady } = turn(1);
const RESULTS = [
  { contestant: STREAMS, turns: [turn(3), turn(2), turn(4)] },
  { contestant: BULLMQ, turns: [turn(1), turn(4), turn(1)] },
  { contestant: PUBSUB, turns: [{ flow, steady }] },
];

describe('the section of transports', () => {
  const section = transportSection(RESULTS, FULL_PLAN, 'Measured on a machine');

  /** The cells of a contestant's row below a heading. */
  function row(heading: string, name: string): string[] | undefined {
    const [, below = ''] = section.split(`### ${heading}\n`);
    const lines = below.split('\n### ')[0]?.split('\n') ?? [];
    return lines
      .find((line) => line.startsWith(`| ${name} `))
      ?.split('|')
      .slice(2, -1)
      .map((cell) => cell.trim());
  }

  it('has the median of the rounds, with the lowest and the highest', () => {
    expect(row('Events as fast as they go', STREAMS)).toEqual(['300 (200–400)', '1', '2', '3', '4']);
    expect(row('1,000 events a second', STREAMS)).toEqual(['7', '2.67 (2–4)', '9', '2', '3']);
    expect(row('A backlog, sent', STREAMS)).toEqual(['300 (200–400)', '1', '3', '4', '6']);
    expect(row('A backlog, handled', STREAMS)).toEqual(['300 (200–400)', '2', '3', '5']);
  });

  it('has no backlog of those that keep none', () => {
    expect(row('Events as fast as they go', PUBSUB)).toBeDefined();
    expect(row('A backlog, sent', PUBSUB)).toBeUndefined();
    expect(row('A backlog, handled', PUBSUB)).toBeUndefined();
  });

  it('tells which bars are kept', () => {
    expect(row('Bars of transports', 'Streams: events/s ')).toEqual([
      'at least 1 × BullMQ',
      '3 (0.5–4)',
      'yes',
    ]);
    expect(row('Bars of transports', 'Streams: Redis CPU ')).toEqual(['at most 1 × BullMQ', '1', 'yes']);
    expect(row('Bars of transports', 'Pub/Sub: events/s ')?.slice(1)).toEqual(['no figures', '']);
  });

  it('tells how it was measured', () => {
    const text = section.replace(/\s+/g, ' ');
    expect(text).toContain('Measured on a machine. Each figure is the median of 5 rounds,');
  });

  it('shows pictures that there are', () => {
    const shown = [...section.matchAll(/\]\(benchmarks\.transport\.(.+)\.svg\)/g)].map(([, name]) => name);
    expect(shown).toEqual(Object.keys(transportPictures(RESULTS)));
  });
});

it('has contestants of different names', () => {
  expect(new Set(CONTESTANTS.map(({ name }) => name)).size).toBe(CONTESTANTS.length);
});
