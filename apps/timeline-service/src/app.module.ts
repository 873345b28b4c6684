import { Module } from '@nestjs/common';
import { FanoutModule } from 'service-host';

import { TimelinesController } from './timelines/timelines.controller.js';

@Module({ imports: [FanoutModule.forRoot()], controllers: [TimelinesController] })
export class AppModule {}
