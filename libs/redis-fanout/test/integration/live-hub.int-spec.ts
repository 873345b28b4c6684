import { type Fanout, type FanoutOptions } from '../../src/index.js';
import { until } from '../support/faults.js';
import { deliverAll, Fixture } from '../support/fixture.js';
import { Client, Instance } from '../support/live-world.js';

describe.each(['standalone', 'cluster'] as const)('a live hub on a %s', (kind) => {
  let fixture: Fixture;
  let fanout: Fanout;
  const instances: Instance[] = [];
  beforeAll(async () => {
    fixture = await Fixture[kind]();
  });
  afterAll(async () => {
    await fixture.stop();
  });
  beforeEach(async () => {
    await open();
  });
  afterEach(async () => {
    await Promise.all(instances.splice(0).map(async (instance) => instance.kill()));
  });

  async function open(options: Partial<FanoutOptions> = {}): Promise<void> {
    fanout = await fixture.open({ partitions: 3, ...options });
    await fanout.follows.follow('bob', 'ann');
  }

  async function start(): Promise<Instance> {
    const instance = await Instance.start(fanout, fixture);
    instances.push(instance);
    return instance;
  }

  async function connected(client: Client, instance: Instance): Promise<Client> {
    const before = client.timesLive;
    await client.connect(instance);
    await until(() => client.timesLive > before, 'it is live');
    return client;
  }

  async function publish(author = 'ann', text = 'hello'): Promise<string> {
    const { post } = await fanout.posts.publish({ author, text });
    await deliverAll(fanout, fixture.client);
    return post.id;
  }

  const expectTold = async (client: Client, told: readonly string[]): Promise<void> => {
    await until(() => client.updates.length >= told.length, `${client.reader} is told`);
    expect(client.told).toEqual(told);
  };

  it('tells of posts, edits, deletions and messages, with what they are', async () => {
    const bob = await connected(new Client('bob'), await start());
    const { post } = await fanout.posts.publish({ author: 'ann', text: 'hello' });
    await deliverAll(fanout, fixture.client);
    await until(() => bob.updates.length === 1, 'the post is told');
    const edited = await fanout.posts.edit(post.id, 'ann', 'changed');
    await deliverAll(fanout, fixture.client);
    await until(() => bob.updates.length === 2, 'the edit is told');
    await fanout.posts.delete(post.id, 'ann');
    await deliverAll(fanout, fixture.client);
    const { message } = await fanout.messages.send({ from: 'cid', to: 'bob', text: 'psst' });
    await until(() => bob.updates.length === 4, 'the message is told');
    const { delivered, ...sent } = message;
    expect(delivered).toBe('live');
    expect(bob.updates).toMatchObject([
      { event: 'post', data: post },
      { event: 'edited', data: edited },
      { event: 'deleted', data: { id: post.id } },
      { event: 'message', data: sent },
    ]);
  });

  it('tells who comes back, to whichever instance, what happened meanwhile, and then what happens', async () => {
    const [here, there] = [await start(), await start()];
    const bob = await connected(new Client('bob'), here);
    const told = [`post ${await publish()}`];
    await expectTold(bob, told);
    bob.disconnect();
    for (let i = 0; i < 5; i++) told.push(`post ${await publish()}`);
    const { message } = await fanout.messages.send({ from: 'cid', to: 'bob', text: 'psst' });
    told.push(`message ${message.id}`);
    await publish('stranger');
    await connected(bob, there);
    await expectTold(bob, told);
    told.push(`post ${await publish()}`);
    await expectTold(bob, told);
  });

  it('tells who left before anything happened what happened then', async () => {
    const instance = await start();
    const bob = await connected(new Client('bob'), instance);
    bob.disconnect();
    const told = [`post ${await publish()}`];
    await connected(bob, instance);
    await expectTold(bob, told);
  });

  it('reads thousands of missed posts from the history, page by page, while others are told as it happens', async () => {
    const instance = await start();
    const bob = await connected(new Client('bob'), instance);
    bob.disconnect();
    const told: string[] = [];
    for (let i = 0; i < 1000; i++) {
      const { post } = await fanout.posts.publish({ author: 'ann', text: String(i) });
      told.push(`post ${post.id}`);
    }
    await deliverAll(fanout, fixture.client);
    await Promise.all([connected(bob, instance), connected(new Client('bob'), instance)]);
    told.push(`post ${await publish()}`);
    await expectTold(bob, told);
  });

  it('tells again nothing that is delivered again', async () => {
    const [here, there] = [await start(), await start()];
    const bob = await connected(new Client('bob'), here);
    const ids = [await publish(), await publish()];
    await expectTold(
      bob,
      ids.map((id) => `post ${id}`),
    );
    bob.disconnect();
    for (const id of ids) await fanout.deliverer.deliver([{ kind: 'published', id, author: 'ann' }]);
    await connected(bob, there);
    for (const id of ids) await fanout.deliverer.deliver([{ kind: 'published', id, author: 'ann' }]);
    ids.push(await publish());
    await expectTold(
      bob,
      ids.map((id) => `post ${id}`),
    );
  });

  it('tells each edit, also those of one millisecond', async () => {
    const bob = await connected(new Client('bob'), await start());
    const id = await publish();
    await Promise.all(Array.from({ length: 20 }, async (_, i) => fanout.posts.edit(id, 'ann', String(i))));
    await deliverAll(fanout, fixture.client);
    await expectTold(bob, [`post ${id}`, ...new Array<string>(20).fill(`edited ${id}`)]);
  });

  it('notices by itself what got lost on the way, from what comes next', async () => {
    const instance = await start();
    const bob = await connected(new Client('bob'), instance);
    const ids = [await publish()];
    await expectTold(
      bob,
      ids.map((id) => `post ${id}`),
    );
    instance.isLost = () => true;
    ids.push(await publish(), await publish());
    await until(() => instance.heard === 3, 'all has come');
    expect(bob.updates).toHaveLength(1);
    instance.isLost = () => false;
    ids.push(await publish());
    await expectTold(
      bob,
      ids.map((id) => `post ${id}`),
    );
  });

  it('tells to resync whose place the history does not hold, and goes on', async () => {
    const instance = await start();
    const bob = await connected(new Client('bob'), instance);
    const partition = bob.position?.slice(0, 4) ?? '';
    // Nobody else is there, and something has happened.
    bob.disconnect();
    await publish();
    for (const place of [
      '999-1-1',
      'nonsense',
      '',
      `${partition}99999999999999-0`,
      `${partition}${'9'.repeat(20)}-0`,
      `${partition}1-0`,
    ]) {
      const client = await connected(new Client('bob', place), instance);
      expect(client.told).toEqual(['resync']);
      const id = await publish();
      await expectTold(client, ['resync', `post ${id}`]);
      client.disconnect();
    }
  });

  it('tells to resync who was away for more than the history holds, and nobody who was not', async () => {
    await open({ historyMaxEvents: 100 });
    const instance = await start();
    const [long, short] = [
      await connected(new Client('bob'), instance),
      await connected(new Client('bob'), instance),
    ];
    await expectTold(long, []);
    long.disconnect();
    // A stream is cut by whole nodes, of a hundred entries.
    const ids: string[] = [];
    for (let i = 0; i < 350; i++) {
      ids.push(await publish());
      if (i === 299) {
        await until(() => short.updates.length === 300, 'it has kept up');
        short.disconnect();
      }
    }
    await Promise.all([connected(long, instance), connected(short, instance)]);
    await expectTold(
      short,
      ids.map((id) => `post ${id}`),
    );
    const id = await publish();
    await expectTold(long, ['resync', `post ${id}`]);
  });

  it('follows whom a reader follows: nothing of those they left, or who blocked them', async () => {
    const instance = await start();
    const bob = await connected(new Client('bob'), instance);
    for (const author of ['cid', 'dan', 'eve']) await fanout.follows.follow('bob', author);
    await fanout.follows.unfollow('bob', 'cid');
    await fanout.follows.block('dan', 'bob');
    await fanout.follows.mute('bob', 'eve');
    for (const author of ['cid', 'dan', 'eve']) await publish(author);
    const id = await publish();
    await expectTold(bob, [`post ${id}`]);
  });

  it('reaches the connected followers of an author who is pulled, and the author', async () => {
    await open({ pushMaxFollowers: 0 });
    const instance = await start();
    const clients = [
      await connected(new Client('bob'), instance),
      await connected(new Client('ann'), instance),
    ];
    const id = await publish();
    for (const client of clients) await expectTold(client, [`post ${id}`]);
  });
});
