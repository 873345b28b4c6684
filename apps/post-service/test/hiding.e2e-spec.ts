import { type Caller, cleanUp, expectInvalid, expectProblem, Library, ownRedis } from 'test-support';

import { importAll, ndjson } from './support/import.js';
import { publish, startService } from './support/system.js';

describe('muting and blocking', () => {
  let api: Caller;
  let other: Caller;
  let library: Library;

  beforeAll(async () => {
    const redis = await ownRedis();
    ({ api } = await startService(redis));
    ({ api: other } = await startService(redis));
    library = await Library.open(redis);
  });

  afterAll(cleanUp);

  const timeline = async (reader: string): Promise<string[]> =>
    (await library.fanout.timelines.page(reader)).items.map(({ id }) => id);

  it('a muted user is not in the timeline, and unmuting brings all of their posts back', async () => {
    await api.put('/users/ada/following/bob');
    const first = await publish(api, 'bob');
    await library.deliverAll();
    expect(await timeline('ada')).toEqual([first.id]);

    for (let i = 0; i < 2; i++) {
      expect(await api.put('/users/ada/mutes/bob')).toMatchObject({ status: 204, body: '' });
    }
    expect(await timeline('ada')).toEqual([]);
    const second = await publish(api, 'bob');
    await library.deliverAll();
    expect(await timeline('ada')).toEqual([]);

    for (let i = 0; i < 2; i++) {
      expect(await other.delete('/users/ada/mutes/bob')).toMatchObject({ status: 204, body: '' });
    }
    expect(await timeline('ada')).toEqual([second.id, first.id]);
  });

  it('nobody can tell that they are muted', async () => {
    await api.put('/users/cid/following/dan');
    await api.put('/users/cid/mutes/dan');
    for (const instance of [api, other]) {
      expect(await instance.page('/users/cid/following')).toEqual({ items: ['dan'], nextCursor: null });
      expect(await instance.page('/users/dan/followers')).toEqual({ items: ['cid'], nextCursor: null });
      expect((await instance.get('/users/dan')).body).toMatchObject({ followers: 1 });
      expect((await instance.get('/users/cid')).body).toMatchObject({ following: 1 });
    }
  });

  it('who is muted first and followed then is hidden until unmuted', async () => {
    const post = await publish(api, 'fay');
    await library.deliverAll();
    await api.put('/users/eve/mutes/fay');
    await api.put('/users/eve/following/fay');
    expect(await timeline('eve')).toEqual([]);
    await api.delete('/users/eve/mutes/fay');
    expect(await timeline('eve')).toEqual([post.id]);
    await api.put('/users/eve/mutes/fay');
    await api.delete('/users/eve/following/fay');
    await api.delete('/users/eve/mutes/fay');
    expect(await timeline('eve')).toEqual([]);
  });

  it('blocking ends following both ways, and refuses it from then on', async () => {
    await api.put('/users/gus/following/hal');
    await api.put('/users/hal/following/gus');
    const [mine, yours] = [await publish(api, 'gus'), await publish(api, 'hal')];
    await library.deliverAll();
    expect((await timeline('gus')).toSorted()).toEqual([mine.id, yours.id].toSorted());

    for (let i = 0; i < 2; i++) {
      expect(await api.put('/users/gus/blocks/hal')).toMatchObject({ status: 204, body: '' });
    }
    expect(await timeline('gus')).toEqual([mine.id]);
    expect(await timeline('hal')).toEqual([yours.id]);
    for (const [reader, author] of [
      ['gus', 'hal'],
      ['hal', 'gus'],
    ]) {
      expectProblem(await other.put(`/users/${reader}/following/${author}`), 403, 'blocked');
      expect(await other.page(`/users/${reader}/following`)).toEqual({ items: [], nextCursor: null });
      expect(await other.page(`/users/${reader}/followers`)).toEqual({ items: [], nextCursor: null });
    }

    // Each can block the other, and only one's own block can be ended.
    await api.put('/users/hal/blocks/gus');
    await api.delete('/users/gus/blocks/hal');
    expectProblem(await api.put('/users/gus/following/hal'), 403, 'blocked');
    await api.delete('/users/hal/blocks/gus');
    expect(await timeline('gus')).toEqual([mine.id]);
    expect(await api.put('/users/gus/following/hal')).toMatchObject({ status: 204 });
    expect((await timeline('gus')).toSorted()).toEqual([mine.id, yours.id].toSorted());
  });

  it('an imported follow between two of whom one has blocked the other is rejected', async () => {
    await api.put('/users/ida/blocks/jon');
    const { counts, bad } = await importAll(
      api,
      ndjson({ follow: ['jon', 'ida'] }, { follow: ['jon', 'kim'] }),
    );
    expect(bad).toEqual([{ line: 1, error: expect.stringContaining('blocked') as unknown }]);
    expect(counts).toMatchObject({ follows: 1, rejected: 1 });
  });

  it.each(['mutes', 'blocks'])('%s of oneself, and of what is no user, are refused', async (what) => {
    expectInvalid(await api.put(`/users/ada/${what}/ada`), 'other');
    expectInvalid(await api.delete(`/users/ada/${what}/ada`), 'other');
    expectInvalid(await api.put(`/users/a.b/${what}/ada`), 'user');
    expectInvalid(await api.delete(`/users/ada/${what}/a.b`), 'other');
  });
});
