import type { Fanout, Post } from 'redis-fanout';
import { type Caller, cleanUp, Library, ownRedis } from 'test-support';

import { startService } from './support/system.js';

describe('GET /timelines/{user}', () => {
  let api: Caller;
  let other: Caller;
  let library: Library;
  let fanout: Fanout;

  beforeAll(async () => {
    const redis = await ownRedis();
    ({ api } = await startService(redis));
    ({ api: other } = await startService(redis));
    library = await Library.open(redis);
    ({ fanout } = library);
  });

  afterAll(cleanUp);

  const publish = async (author: string, text = 'a post'): Promise<Post> =>
    (await fanout.posts.publish({ author, text })).post;

  const expectTimeline = async (user: string, posts: readonly Post[]): Promise<void> => {
    for (const instance of [api, other]) {
      expect(await instance.page(`/timelines/${user}`)).toEqual({ items: posts, nextCursor: null });
    }
  };

  it('is an empty page for a user of whom nothing is known', async () => {
    await expectTimeline('nobody', []);
  });

  it("shows one's own posts at once, before they are delivered, and each once after", async () => {
    await expectTimeline('ada', []);
    const posts = [await publish('ada'), await publish('ada')].reverse();
    await expectTimeline('ada', posts);
    posts.unshift(await publish('ada'));
    await expectTimeline('ada', posts);
    await library.deliverAll();
    await expectTimeline('ada', posts);
  });

  it('shows the posts of those followed, newest first, once they are delivered', async () => {
    await expectTimeline('reader', []);
    for (const author of ['bob', 'cid']) await fanout.follows.follow('reader', author);
    const posts: Post[] = [];
    for (const author of ['bob', 'cid', 'bob', 'reader', 'cid', 'stranger']) {
      posts.unshift(await publish(author, `of ${author}`));
    }
    await library.deliverAll();
    await library.deliverAll();
    const expected = posts
      .filter(({ author }) => author !== 'stranger')
      .sort((a, b) => (a.id < b.id ? 1 : -1));
    await expectTimeline('reader', expected);
    expect((await api.page('/timelines/reader')).items).toContainEqual({
      id: expect.stringMatching(/^\d{19}$/) as string,
      author: 'cid',
      text: 'of cid',
      attachments: [],
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      editedAt: null,
    });
  });

  it('shows posts of before the follow, and none after the unfollow', async () => {
    const own = await publish('dan');
    const post = await publish('eve');
    await library.deliverAll();
    await expectTimeline('dan', [own]);
    await fanout.follows.follow('dan', 'eve');
    // In the same millisecond the ids of two authors are in the order of their partitions.
    await expectTimeline(
      'dan',
      [own, post].sort((a, b) => (a.id > b.id ? -1 : 1)),
    );
    await fanout.follows.unfollow('dan', 'eve');
    await expectTimeline('dan', [own]);
    await publish('eve');
    await library.deliverAll();
    await expectTimeline('dan', [own]);
  });

  it('shows an edit at once', async () => {
    await fanout.follows.follow('fay', 'gus');
    const { id } = await publish('gus', 'before');
    await library.deliverAll();
    await api.page('/timelines/fay');
    const edited = await fanout.posts.edit(id, 'gus', 'after');
    expect(edited.editedAt).not.toBeNull();
    await expectTimeline('fay', [edited]);
    await expectTimeline('gus', [edited]);
  });

  it('shows nothing of a deleted post, at once', async () => {
    await fanout.follows.follow('hal', 'ivy');
    const posts = [await publish('ivy'), await publish('ivy'), await publish('ivy')].reverse();
    await library.deliverAll();
    await expectTimeline('hal', posts);
    await fanout.posts.delete(posts[1]?.id ?? '', 'ivy');
    for (const user of ['hal', 'ivy']) await expectTimeline(user, posts.toSpliced(1, 1));
    await library.deliverAll();
    for (const user of ['hal', 'ivy']) await expectTimeline(user, posts.toSpliced(1, 1));
  });

  it('shows a post that was deleted before its delivery to nobody', async () => {
    await fanout.follows.follow('joe', 'kim');
    await expectTimeline('joe', []);
    const { id } = await publish('kim');
    await fanout.posts.delete(id, 'kim');
    await library.deliverAll();
    await expectTimeline('joe', []);
  });

  it('keeps texts and attachments exactly', async () => {
    const text = ' \u0001e\u0301\n\u{1f469}\u200d\u{1f680}'.repeat(100);
    const attachments = Array.from({ length: 16 }, (_, i) => `https://example.org/${i}?\u00e4=#b`);
    const { post } = await fanout.posts.publish({ author: 'leo', text, attachments });
    expect(post).toMatchObject({ text, attachments });
    await expectTimeline('leo', [post]);
  });

  it.each(['0', '-1', 'constructor', 'x'.repeat(64)])('is there for the user id %s', async (user) => {
    await expectTimeline(user, [await publish(user)]);
  });
});
