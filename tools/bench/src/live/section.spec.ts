import { NO_CORES } from './cores.js';
import type { TurnFigures } from './figures.js';
import { FULL_PLAN } from './plan.js';
import { liveSection } from './section.js';

const SETTING = {
  machine: 'a machine',
  commit: 'commit abc',
  cores: NO_CORES,
  load: 0.25,
  versions: { ws: '8' },
};

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
    SETTING,
  );

  it('has the median of the rounds, with the lowest and the highest', () => {
    expect(section).toMatch(/^\| good +\| +1 \| +2 \| +3 \| +12 \(10–14\) \|$/m);
    expect(section).toMatch(/^\| good +\| +6 \| +5 \| +8 \| +9 \|$/m);
    expect(section).toMatch(/^\| good +\| +4 \| +2 \| +10 \|$/m);
  });

  it('has no figures of a contestant that failed', () => {
    expect(section.match(/^\| bad +\| +no figures \|( +\|){2,3}$/gm)).toHaveLength(3);
  });

  it('names the machine, the versions, the command and the commit', () => {
    const text = section.replace(/\s+/g, ' ');
    expect(text).toContain('5,000 readers');
    expect(text).toContain(
      'by `npm run bench -- live` at commit abc, on a machine, ws 8; no process was bound',
    );
    expect(text).toContain('load average before was 0.25');
    expect(section).not.toContain('quick run');
  });
});
