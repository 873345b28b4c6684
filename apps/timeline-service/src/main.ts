import 'reflect-metadata';

import { fanoutProblem, runService } from 'service-host';

import { AppModule } from './app.module.js';
import { readConfig } from './config.js';

await runService({
  name: 'timeline-service',
  description: 'Reads timelines.',
  settings: readConfig,
  module: () => AppModule,
  mapError: fanoutProblem,
});
