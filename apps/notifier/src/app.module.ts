import { Module } from '@nestjs/common';
import { FanoutModule } from 'service-host';

import { LiveController } from './live/live.controller.js';
import { liveProviders } from './live/live.providers.js';
import { Connections } from './stream/connections.js';
import { StreamController } from './stream/stream.controller.js';
import { PresenceKeeper } from './presence/presence-keeper.js';

@Module({
  imports: [FanoutModule.forRoot()],
  controllers: [StreamController, LiveController],
  providers: [...liveProviders, Connections, PresenceKeeper],
})
export class AppModule {}
