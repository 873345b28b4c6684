import type { ContestResults } from '../src/http/section.js';
import { expectFigures, PageFolder } from './measuring.js';

const READING = ['timeline-service', 'Fastify and the library', 'Fastify'];
const CONTESTS = [
  { title: 'A page of 50 posts', contestants: READING },
  { title: 'A refresh that finds nothing new', contestants: ['timeline-service', 'Fastify'] },
  { title: 'A post', contestants: ['post-service', 'Fastify and the library', 'Fastify'] },
];

const folder = new PageFolder();

describe('bench http', () => {
  it('has the same answers and commands of all, and draws pictures', async () => {
    const { section, figures } = await folder.measure('http');
    const results = figures.results as ContestResults[];
    expect(results.map(({ title }) => title)).toEqual(CONTESTS.map(({ title }) => title));
    for (const [i, { title, contestants }] of CONTESTS.entries()) {
      expectFigures(
        results[i]?.contestants,
        contestants.map((name) => ({ name })),
      );
      expect(section).toContain(`### ${title}\n`);
    }
    const [page, , post] = results;
    expect(page?.commands).toEqual({ LRANGE: 1, LINDEX: 1, MGET: 2 });
    expect(post?.commands).toMatchObject({ EVALSHA: 1, XADD: 1 });
    expect(section).not.toMatch(/\| +no figures/);
    expect(section).toContain('(benchmarks.http.page.svg)');
    expect(section).toContain('(benchmarks.http.post.svg)');
    folder.expectPictures(section);
  }, 180_000);
});
