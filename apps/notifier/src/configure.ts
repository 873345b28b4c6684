import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RedisPubSubServer } from 'redis-streams-transport';

import { routeUpgrades } from './websocket/upgrades.js';

/** What the service needs beside its modules: to hear what happens, and connections that leave HTTP. */
export function configure(app: NestFastifyApplication): void {
  app.connectMicroservice({ strategy: app.get(RedisPubSubServer) }, { inheritAppConfig: false });
  routeUpgrades(app);
}
