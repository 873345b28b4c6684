import type { TurnFigures } from './figures.js';
import { FULL_PLAN } from './plan.js';
import { liveSection } from './section.js';

function turn(lastMs: number): TurnFigures {
  return {
    firstMs: 1,
    lastMs,
    medianMs: 2,
    p99Ms: 3,
    residentBytes: 4096,
    heapBytes: 2048,
    loopMaxMs: 6,
    loopP99Ms: 5,
    serverCpuMs: 8,
    redisCpuMs: 9,
    connectSeconds: 10,
  };
}

describe('the section of live connections', () => {
  const section = liveSection(
    [
      { contestant: 'good', turns: [turn(12), turn(10), turn(14)] },
      { contestant: 'bad', failure: 'a client has had a post twice' },
    ],
    FULL_PLAN,
    'Measured on a machine',
  );

  it('has the median of the rounds, with the lowest and the highest', () => {
    expect(section).toMatch(/^\| good +\| +1 \| +2 \| +3 \| +12 \(10–14\) \|$/m);
    expect(section).toMatch(/^\| good +\| +6 \| +5 \| +8 \| +9 \|$/m);
    expect(section).toMatch(/^\| good +\| +4 \| +2 \| +10 \|$/m);
  });

  it('has no figures of a contestant that failed', () => {
    expect(section.match(/^\| bad +\| +no figures \|( +\|){2,3}$/gm)).toHaveLength(3);
  });

  it('names the readers, and how it was measured', () => {
    const text = section.replace(/\s+/g, ' ');
    expect(text).toContain('5,000 readers');
    expect(text).toContain('Measured on a machine. Each figure is the median of 5 rounds,');
  });
});
