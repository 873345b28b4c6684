import type { RedisServer } from 'embedded-redis';
import type { Post } from 'redis-fanout';
import type { Environment } from 'service-host';
import { type Library, type OwnService, ownService, until } from 'test-support';

import { AppModule } from '../../src/app.module.js';
import { readConfig } from '../../src/config.js';
import { configure } from '../../src/configure.js';

/** The service, as main.ts starts it, on any free port. */
export async function startNotifier(redis: RedisServer, env: Environment = {}): Promise<OwnService> {
  const notifier = await ownService({
    name: 'notifier',
    settings: readConfig({ ...env, REDIS_URL: redis.url, PORT: '0' }),
    module: () => AppModule,
    configure,
  });
  await until(async () => (await notifier.api.get('/health/ready')).status === 200, 'it is ready');
  return notifier;
}

/** Publishes and delivers. */
export async function publish(library: Library, author: string, text = 'a post'): Promise<Post> {
  const { post } = await library.fanout.posts.publish({ author, text });
  await library.deliverAll();
  return post;
}

/** The connected readers, as the deliveries know them. */
export async function online({ client }: Library): Promise<string[]> {
  const keys = await client.keys('fanout:*:online');
  return (await Promise.all(keys.map((key) => client.hkeys(key)))).flat().sort();
}
