import { Module } from '@nestjs/common';
import { FanoutModule } from 'service-host';

import { InboxesController } from './inboxes/inboxes.controller.js';
import { TimelinesController } from './timelines/timelines.controller.js';

@Module({ imports: [FanoutModule.forRoot()], controllers: [TimelinesController, InboxesController] })
export class AppModule {}
