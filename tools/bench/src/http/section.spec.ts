import { FASTIFY, POST_SERVICE } from './contest.js';
import { NO_CORES } from './cores.js';
import type { TurnFigures } from './figures.js';
import { FULL_PLAN } from './plan.js';
import { httpPictures, httpSection } from './section.js';

const SETTING = {
  machine: 'a machine',
  commit: 'commit abc',
  cores: NO_CORES,
  load: 0.25,
  versions: { fastify: '5' },
};

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
  const section = httpSection(RESULTS, FULL_PLAN, SETTING);

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

  it('names what was asked, the machine, the versions, the command and the commit', () => {
    const text = section.replace(/\s+/g, ' ');
    expect(text).toContain('`POST /posts`. For each Redis runs 1 EVALSHA, 3 SET.');
    expect(text).toContain('at 4,321 requests a second');
    expect(text).toContain('by `npm run bench -- http` at commit abc, on a machine, fastify 5; no process');
    expect(section).not.toContain('quick run');
  });

  it('has a picture of what is held to a bar', () => {
    expect(section).toContain('(benchmarks.http.post.svg)');
    const { post = '' } = httpPictures(RESULTS);
    expect(post).toContain('<svg');
    expect(post).toContain(POST_SERVICE);
    expect(post).not.toContain('another');
  });
});
