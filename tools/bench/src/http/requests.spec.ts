import { seededRandom } from '../shared/random.js';
import { withHeaders } from './http-request.js';
import { TEXT_LENGTH } from './plan.js';
import { postText } from './post-text.js';
import { pageRequests, postRequests, refreshRequests } from './requests.js';

const READERS = Array.from({ length: 50 }, (_, i) => ({ name: `r${i}`, newest: [`${i}9`, `${i}8`] }));

describe('the requests', () => {
  it('ask for the page of each reader once, in a random order that is always the same', () => {
    const paths = pageRequests(READERS).map(({ path }) => path);
    expect(paths.toSorted()).toEqual(READERS.map(({ name }) => `/timelines/${name}`).toSorted());
    expect(paths).not.toEqual(READERS.map(({ name }) => `/timelines/${name}`));
    expect(pageRequests(READERS)).toEqual(pageRequests(READERS));
  });

  it("ask for what is newer than the reader's newest post", () => {
    expect(refreshRequests(READERS)).toContainEqual({ method: 'GET', path: '/timelines/r7?since=79' });
    expect(refreshRequests(READERS)).toHaveLength(50);
  });

  it('publish a post of each author', () => {
    const bodies = postRequests(30).map(
      ({ body = '' }) => JSON.parse(body) as { author: string; text: string },
    );
    expect(new Set(bodies.map(({ author }) => author)).size).toBe(30);
    expect(new Set(bodies.map(({ text }) => text)).size).toBe(30);
  });

  it('say that a body is JSON, and nothing where there is none', () => {
    expect(withHeaders({ method: 'GET', path: '/' }).headers).toEqual({});
    expect(withHeaders({ method: 'POST', path: '/', body: '{}' }).headers).toEqual({
      'content-type': 'application/json',
    });
  });
});

describe('the text of a post', () => {
  const random = seededRandom(1);
  const texts = Array.from({ length: 200 }, () => postText(random));

  it('has so many characters, of which no emoji is cut in half', () => {
    for (const text of texts) {
      expect(Array.from(text)).toHaveLength(TEXT_LENGTH);
      expect(Buffer.from(text).toString()).toBe(text);
    }
  });

  it('is one in five times more than plain ASCII', () => {
    const odd = texts.filter((text) => !/^[ a-zA-Z]*$/.test(text));
    expect(odd.length).toBeGreaterThan(20);
    expect(odd.length).toBeLessThan(60);
  });
});
