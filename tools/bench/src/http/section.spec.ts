import { FASTIFY, POST_SERVICE } from './contest.js';
import type { TurnFigures } from './figures.js';
import { FULL_PLAN } from './plan.js';
import { httpPictures, httpSection } from './section.js';

function turn(serverCpuUs: number): TurnFigures {
  return {
    perCpuSecond: 1e6 / serverCpuUs,
    perSecond: 1,
    serverCpuUs,
    redisCpuUs: 20,
    p50Ms: 1.5,
    p99Ms: 3,
    maxMs: 9,
  };
}

const RESULTS = [
  {
    name: 'post' as const,
    title: 'A post',
    route: 'POST /posts',
    commands: { EVALSHA: 1, SET: 3 },
    rate: 4321,
    contestants: [
      { contestant: POST_SERVICE, turns: [turn(100), turn(80), turn(200)] },
      { contestant: 'another', failure: 'it answered 500' },
      { contestant: FASTIFY, turns: [turn(50), turn(64), turn(50)] },
    ],
  },
];

describe('the section of the services', () => {
  const section = httpSection(RESULTS, FULL_PLAN, 'Measured on a machine');

  it('has the median of the rounds, with the lowest and the highest', () => {
    expect(section).toMatch(
      /^\| post-service +\| +10,000 \(5,000–12,500\) \| +100 \(80–200\) \| +20 \| +1\.5 \| +3 \| +9 \|$/m,
    );
  });

  it('has no figures of a contestant that failed', () => {
    expect(section).toMatch(/^\| another +\| +no figures \|( +\|){5}$/m);
  });

  it('tells what is kept, round by round', () => {
    expect(section).toMatch(/at least 0\.7 × Fastify \| 0\.5 \(0\.25–0\.8\) \| \*\*no\*\*/);
  });

  it('names what was asked, and how it was measured', () => {
    const text = section.replace(/\s+/g, ' ');
    expect(text).toContain('`POST /posts`. For each Redis runs 1 EVALSHA, 3 SET.');
    expect(text).toContain('at 4,321 requests a second');
    expect(text).toContain('Measured on a machine. Each figure is the median of 5 rounds,');
  });

  it('has a picture of what is held to a bar', () => {
    expect(section).toContain('(benchmarks.http.post.svg)');
    const { post = '' } = httpPictures(RESULTS);
    expect(post).toContain('<svg');
    expect(post).toContain(POST_SERVICE);
    expect(post).not.toContain('another');
  });
});
