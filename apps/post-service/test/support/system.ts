import type { RedisServer } from 'embedded-redis';
import type { Post } from 'redis-fanout';
import type { Environment } from 'service-host';
import { type Caller, type OwnService, ownService } from 'test-support';

import { AppModule } from '../../src/app.module.js';
import { readConfig } from '../../src/config.js';

/** The service, as main.ts starts it, on any free port. */
export async function startService(redis: RedisServer, env: Environment = {}): Promise<OwnService> {
  return ownService({
    name: 'post-service',
    settings: readConfig({ ...env, REDIS_URL: redis.url, PORT: '0' }),
    module: () => AppModule,
  });
}

/** Publishes over HTTP, and expects it to be taken. */
export async function publish(api: Caller, author: string, text = 'a post'): Promise<Post> {
  const answer = await api.sendJson('POST', '/posts', { author, text });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Post;
}
