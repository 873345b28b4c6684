import { Module } from '@nestjs/common';
import { FanoutModule } from 'service-host';

import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { DeliveryController } from './delivery/delivery.controller.js';
import { LagController } from './lag/lag.controller.js';
import { outboxProviders } from './outbox/outbox.providers.js';
import { LagMetrics } from './lag/lag.metrics.js';

@Module({
  imports: [FanoutModule.forRoot()],
  controllers: [DeliveryController, LagController, DeadLettersController],
  providers: [...outboxProviders, LagMetrics],
})
export class AppModule {}
