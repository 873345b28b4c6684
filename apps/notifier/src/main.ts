import 'reflect-metadata';

import { fanoutProblem, runService } from 'service-host';

import { AppModule } from './app.module.js';
import { configure } from './configure.js';
import { readConfig } from './config.js';

await runService({
  name: 'notifier',
  description: 'Tells connected readers what happens to their timeline and their inbox.',
  settings: readConfig,
  module: () => AppModule,
  mapError: fanoutProblem,
  configure,
});
