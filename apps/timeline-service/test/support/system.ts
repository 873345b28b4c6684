import type { RedisServer } from 'embedded-redis';
import type { Environment } from 'service-host';
import { type OwnService, ownService } from 'test-support';

import { AppModule } from '../../src/app.module.js';
import { readConfig } from '../../src/config.js';

/** The service, as main.ts starts it, on any free port. */
export async function startService(redis: RedisServer, env: Environment = {}): Promise<OwnService> {
  return ownService({
    name: 'timeline-service',
    settings: readConfig({ ...env, REDIS_URL: redis.url, PORT: '0' }),
    module: () => AppModule,
  });
}
