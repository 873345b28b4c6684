import { chooseSuites } from './choose-suites.js';
import type { Suite } from './suite.js';

const run: Suite['run'] = async () => Promise.resolve({ section: '', figures: {}, failures: [] });
const SUITES: readonly Suite[] = [
  { name: 'first', summary: '', run },
  { name: 'needy', summary: '', lacks: () => 'it wants a file', run },
  { name: 'content', summary: '', lacks: () => undefined, run },
];

function choose(...names: string[]): { readonly chosen: string[]; readonly told: string[] } {
  const told: string[] = [];
  const terminal = { print: () => undefined, complain: (line: string) => void told.push(line) };
  return { chosen: chooseSuites(SUITES, names, terminal).map(({ name }) => name), told };
}

describe('the suites of a run', () => {
  it('are all but those that lack something, which is told', () => {
    expect(choose()).toEqual({ chosen: ['first', 'content'], told: ['needy is left out: it wants a file'] });
  });

  it('are those that are named, whatever they lack', () => {
    expect(choose('needy', 'first')).toEqual({ chosen: ['first', 'needy'], told: [] });
  });

  it('are none where a name is unknown', () => {
    expect(() => choose('first', 'fifth')).toThrow('fifth: no suite; there are first, needy, content');
  });
});
