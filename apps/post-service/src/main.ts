import 'reflect-metadata';

import { fanoutProblem, runService } from 'service-host';

import { AppModule } from './app.module.js';
import { readConfig } from './config.js';

await runService({
  name: 'post-service',
  description: 'Takes posts, edits, deletions and follows, and brings in archives.',
  settings: readConfig,
  module: () => AppModule,
  mapError: fanoutProblem,
});
