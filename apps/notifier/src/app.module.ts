import { Module } from '@nestjs/common';
import { FanoutModule } from 'service-host';

import { Connections } from './connections/connections.js';
import { LiveController } from './live/live.controller.js';
import { liveProviders } from './live/live.providers.js';
import { StreamController } from './stream/stream.controller.js';
import { WebSocketController } from './websocket/websocket.controller.js';

@Module({
  imports: [FanoutModule.forRoot()],
  controllers: [StreamController, WebSocketController, LiveController],
  providers: [...liveProviders, Connections],
})
export class AppModule {}
