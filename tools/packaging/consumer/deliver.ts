import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { Redis } from 'ioredis';
import { connectRedis, Fanout, openLists, type RedisClient } from 'redis-fanout';

/** What an installed package is put through, as an ES module and as a CommonJS module, on one Redis or a cluster. */
async function main(url: string): Promise<void> {
  const client = url.includes(',') ? connectRedis(url) : new Redis(url);
  const setup = { client, prefix: randomUUID() };
  try {
    await readTimeline(await Fanout.open(setup));
    await hearMessage(setup);
  } finally {
    client.disconnect();
  }
}

async function readTimeline(fanout: Fanout): Promise<void> {
  await fanout.follows.follow('bob', 'ann');
  const { post } = await fanout.posts.publish({ author: 'ann', text: 'hello' });
  await fanout.deliverer.deliver([{ kind: 'published', id: post.id, author: 'ann' }]);
  const { items } = await fanout.timelines.page('bob', { limit: 50 });
  assert.deepEqual(
    items.map(({ author, text }) => ({ author, text })),
    [{ author: 'ann', text: 'hello' }],
  );
}

/** Opens connections of its own beside the one that it is given, and subscribes to channels. */
async function hearMessage(setup: { client: RedisClient; prefix: string }): Promise<void> {
  const lists = await openLists<{ text: string }>(setup);
  await lists.subscribe('bob', 'ann');
  const heard = new Promise<string>((resolve) => {
    void lists.listen('bob', async ({ id, payload }) => {
      await lists.acknowledge('bob', id);
      resolve(payload.text);
    });
  });
  await lists.publish('ann', { text: 'hello' });
  assert.equal(await heard, 'hello');
  await lists.close();
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
