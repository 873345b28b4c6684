import 'reflect-metadata';

import { RedisPubSubServer } from 'redis-streams-transport';
import { fanoutProblem, runService } from 'service-host';

import { AppModule } from './app.module.js';
import { readConfig } from './config.js';

await runService({
  name: 'notifier',
  description: 'Tells connected readers what enters their timeline.',
  settings: readConfig,
  module: () => AppModule,
  mapError: fanoutProblem,
  configure: (app) => {
    app.connectMicroservice({ strategy: app.get(RedisPubSubServer) }, { inheritAppConfig: false });
  },
});
