import 'reflect-metadata';

import { RedisStreamsServer } from 'redis-streams-transport';
import { fanoutProblem, runService } from 'service-host';

import { AppModule } from './app.module.js';
import { readConfig } from './config.js';

await runService({
  name: 'fanout-worker',
  description: 'Delivers posts to the timelines of followers.',
  settings: readConfig,
  module: () => AppModule,
  mapError: fanoutProblem,
  configure: (app) => {
    app.connectMicroservice({ strategy: app.get(RedisStreamsServer) }, { inheritAppConfig: false });
  },
});
