import { checkPages, dueOnPages } from './checks.js';
import { QUICK_PLAN } from './plan.js';
import { makeWorld } from './world.js';

const stage = { plan: { ...QUICK_PLAN, checked: 3 }, world: makeWorld(QUICK_PLAN) };
const { world } = stage;

function posted(id: string, author: number): { id: string; author: number; dueMs: number } {
  return { id, author, dueMs: 0 };
}

describe('what pages are to have', () => {
  it('is the last small posts, each with a follower of its author', () => {
    const posts = [0, 1, 2, 3, 4].map((author) => posted(`post ${author}`, author));
    const due = dueOnPages(stage, posts, undefined, 1);
    expect(due.map(({ id }) => id)).toEqual(['post 2', 'post 3', 'post 4']);
    due.forEach(({ reader }, i) => {
      expect(world.followersOf(2 + i)).toContain(reader);
    });
  });

  it('is the post of a celebrity, too, with followers of all kinds', () => {
    const plan = { ...QUICK_PLAN, checked: 500 };
    const due = dueOnPages({ plan, world }, [], posted('celebrity', world.celebrity(1)), 1);
    const readers = due.map(({ reader }) => reader);
    expect(due).toHaveLength(500);
    expect(Math.max(...readers)).toBeGreaterThan(1900);
    expect(Math.max(...readers)).toBeLessThan(2000);
    const ofSmaller = dueOnPages({ plan, world }, [], posted('celebrity', world.celebrity(0)), 1);
    expect(Math.max(...ofSmaller.map(({ reader }) => reader))).toBeLessThan(100);
  });

  it('is missed where it is not there', () => {
    const due = [
      { reader: 7, id: 'a' },
      { reader: 8, id: 'b' },
    ];
    expect(() => {
      checkPages(due, [
        ['a', 'x'],
        ['x', 'b'],
      ]);
    }).not.toThrow();
    expect(() => {
      checkPages(due, [['a'], ['a']]);
    }).toThrow('the page of reader 8 lacks b');
    expect(() => {
      checkPages(due, [['a']]);
    }).toThrow('the page of reader 8 lacks b');
  });
});
