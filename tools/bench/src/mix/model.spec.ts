import { graphOf } from '../fanout/graph.js';
import { PAGE } from './feed.js';
import { Model } from './model.js';

/** User 1 follows 0, and 2 follows nobody. */
const GRAPH = graphOf(3, [Int32Array.of(1), Int32Array.of(), Int32Array.of()]);

/** Posts of user 0, then of user 1, and then two of user 0 at once. */
function model(): Model {
  const made = new Model(GRAPH, [
    { n: -2, author: 0 },
    { n: -1, author: 1 },
  ]);
  made.publish([
    { n: 0, author: 0, begun: 0, ended: 3 },
    { n: 1, author: 0, begun: 1, ended: 2 },
    { n: 2, author: 2, begun: 4, ended: 5 },
  ]);
  return made;
}

describe('the model', () => {
  it.each([
    ['as they began', [1, 0, -1, -2]],
    ['as they ended', [0, 1, -1, -2]],
  ])('takes posts that were under way at once %s', (_, page) => {
    expect(() => {
      model().check(1, page);
    }).not.toThrow();
  });

  it.each([
    ['lacks a post', [1, 0, -2]],
    ['lacks the newest', [0, -1, -2]],
    ['has one twice', [1, 0, 0, -1, -2]],
    ['has one twice instead of another', [1, 0, 0, -1]],
    ['has another order', [1, -1, 0, -2]],
    ['has a stranger', [2, 1, 0, -1, -2]],
    ['has a stranger instead of another', [2, 1, 0, -1]],
    ['is empty', []],
  ])('refuses a page that %s', (_, page) => {
    expect(() => {
      model().check(1, page);
    }).toThrow(`the page of user 1 is ${page.join(' ')} … and not 1 0 -1 -2 …`);
  });

  it('knows follows, and own posts', () => {
    const made = model();
    made.check(2, [2]);
    made.follow(2, 0);
    made.check(2, [2, 1, 0, -2]);
    made.follow(2, 1);
    made.check(2, [2, 1, 0, -1, -2]);
    expect(() => {
      made.check(2, [2]);
    }).toThrow('the page of user 2');
  });

  it('has later posts above all others', () => {
    const made = model();
    made.publish([{ n: 3, author: 0, begun: 0, ended: 0 }]);
    made.check(1, [3, 1, 0, -1, -2]);
    expect(() => {
      made.check(1, [1, 3, 0, -1, -2]);
    }).toThrow('the page of user 1');
  });

  it('wants the newest of more than a page', () => {
    const posts = Array.from({ length: PAGE + 2 }, (_, n) => ({ n, author: 0 }));
    const newest = posts.map(({ n }) => n).reverse();
    const made = new Model(GRAPH, posts);
    made.check(0, newest.slice(0, PAGE));
    for (const page of [newest, newest.slice(0, PAGE - 1), newest.slice(1, PAGE + 1)]) {
      expect(() => {
        made.check(0, page);
      }).toThrow('the page of user 0');
    }
  });
});
