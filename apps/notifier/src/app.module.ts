import { Module } from '@nestjs/common';
import { FanoutModule } from 'service-host';

import { LiveController } from './live/live.controller.js';
import { liveProviders } from './live/live.providers.js';
import { Connections } from './stream/connections.js';
import { StreamController } from './stream/stream.controller.js';
import { ConnectedReaders } from './presence/connected-readers.js';

@Module({
  imports: [FanoutModule.forRoot()],
  controllers: [StreamController, LiveController],
  providers: [...liveProviders, Connections, ConnectedReaders],
})
export class AppModule {}
