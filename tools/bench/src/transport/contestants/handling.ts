import { type DynamicModule, Module, type Type } from '@nestjs/common';

import type { MeasuredEvent } from '../event.js';

/** What a controller hands each event to. */
export const HANDLE = Symbol('handle');

@Module({})
class HandlingModule {}

/** An app with one controller. */
export function handling(controller: Type, handle: (event: MeasuredEvent) => void): DynamicModule {
  return {
    module: HandlingModule,
    controllers: [controller],
    providers: [{ provide: HANDLE, useValue: handle }],
  };
}
