import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';

import { HealthController } from '../health/health.controller.js';
import { Readiness } from '../health/readiness.js';
import { LOGGER, type ServiceLogger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { MetricsController } from '../metrics/metrics.controller.js';
import { OpenApiController } from '../openapi/openapi.controller.js';
import { OpenApiDocument } from '../openapi/openapi-document.js';
import { Lifecycle } from './lifecycle.js';

/** The injection token of the settings that the service was started with. */
export const SETTINGS = Symbol('service-host:settings');

/** What every service has, made before NestJS begins. */
export interface HostParts {
  settings: object;
  logger: ServiceLogger;
  lifecycle: Lifecycle;
  metrics: Metrics;
}

/** The root of every service: health, metrics and documentation, around the app's own module. */
@Global()
@Module({})
export class HostModule {
  static around(app: Type | DynamicModule, parts: HostParts): DynamicModule {
    return {
      module: HostModule,
      imports: [TerminusModule.forRoot({ logger: false }), app],
      controllers: [HealthController, MetricsController, OpenApiController],
      providers: [
        { provide: SETTINGS, useValue: parts.settings },
        { provide: LOGGER, useValue: parts.logger },
        { provide: Lifecycle, useValue: parts.lifecycle },
        { provide: Metrics, useValue: parts.metrics },
        Readiness,
        OpenApiDocument,
      ],
      exports: [SETTINGS, LOGGER, Lifecycle, Metrics, Readiness],
    };
  }
}
