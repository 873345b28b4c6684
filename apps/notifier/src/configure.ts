import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RedisPubSubServer } from 'redis-streams-transport';

import type { Config } from './config.js';
import { allowOrigins } from './cors/cors.js';
import { routeUpgrades } from './websocket/upgrades.js';

/** What the service needs beside its modules: to hear what happens, connections that leave HTTP, and pages of other origins. */
export function configure(app: NestFastifyApplication, { corsOrigins }: Config): void {
  app.connectMicroservice({ strategy: app.get(RedisPubSubServer) }, { inheritAppConfig: false });
  routeUpgrades(app);
  allowOrigins(app, corsOrigins);
}
