import {
  type DynamicModule,
  type FactoryProvider,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';

import { Fanout, type RedisClient } from '../index.js';
import { FanoutConnection } from './fanout-connection.js';
import {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN,
  type RedisFanoutModuleAsyncOptions,
  type RedisFanoutModuleOptions,
  type RedisFanoutModuleRootOptions,
} from './module-options.js';
import type { FeatureOptions, StrategyProvider } from './strategy-provider.js';

/** The token of the connection to Redis that the fan-out works with: `@Inject(FANOUT_CLIENT) client: RedisClient`. */
export const FANOUT_CLIENT = Symbol('redis-fanout:client');

/** A module's strategies, beside the `RedisFanoutModule` that they are opened on. */
@Module({})
class RedisFanoutFeatureModule {}

/**
 * Opens a `Fanout` at start, to be injected by its class, and its connection by `FANOUT_CLIENT`.
 *
 * - Start: waits for a Redis that does not serve yet, up to `startTimeoutMs`. Rejects with what `Fanout.open` and the
 *   strategies reject with; then all that this module opened is closed. Where a provider of somebody else fails, NestJS
 *   calls nobody, and ends the process; who forbids that by `abortOnError: false` gives a `client`, and closes it.
 * - Shutdown, in `onApplicationShutdown`, so that what the servers still answer can publish: the strategies are closed,
 *   which waits for their handlers, and then the connection, where the module opened it. It wants `app.close()` or
 *   `enableShutdownHooks()`.
 *
 * One global module for each application. Several, for several Redis or prefixes, are not global (`isGlobal: false`) and
 * imported where they are wanted; one module can inject from one of them only.
 */
@Module({
  providers: [
    {
      provide: FanoutConnection,
      useFactory: async (options: RedisFanoutModuleOptions) => FanoutConnection.open(options),
      inject: [MODULE_OPTIONS_TOKEN],
    },
    {
      provide: Fanout,
      useFactory: ({ fanout }: FanoutConnection): Fanout => fanout,
      inject: [FanoutConnection],
    },
    {
      provide: FANOUT_CLIENT,
      useFactory: ({ client }: FanoutConnection): RedisClient => client,
      inject: [FanoutConnection],
    },
  ],
  exports: [FanoutConnection, Fanout, FANOUT_CLIENT],
})
export class RedisFanoutModule
  extends ConfigurableModuleClass
  implements OnModuleInit, OnApplicationShutdown
{
  /** @internal NestJS calls it. */
  constructor(private readonly connection: FanoutConnection) {
    super();
  }

  /** Opens the fan-out with these options. @throws InvalidOptionError at start, where they are not what they may be. */
  static override forRoot(options: RedisFanoutModuleRootOptions): DynamicModule {
    return super.forRoot(options);
  }

  /** As `forRoot`, with options that other providers make: `inject` and `useFactory`, `useClass` or `useExisting`. */
  static override forRootAsync(options: RedisFanoutModuleAsyncOptions): DynamicModule {
    return super.forRootAsync(options);
  }

  /** Opens strategies on the connection of `forRoot`, to be injected by their tokens where this is imported. */
  static forFeature(
    strategies: readonly StrategyProvider[],
    { imports = [] }: FeatureOptions = {},
  ): DynamicModule {
    return {
      module: RedisFanoutFeatureModule,
      imports,
      providers: strategies.map(strategyProvider),
      exports: strategies.map(({ provide }) => provide),
    };
  }

  /** @internal NestJS calls it. */
  onModuleInit(): void {
    this.connection.start();
  }

  /** @internal NestJS calls it. */
  async onApplicationShutdown(): Promise<void> {
    await this.connection.close();
  }
}

function strategyProvider({ provide, inject = [], open }: StrategyProvider): FactoryProvider {
  return {
    provide,
    useFactory: async (connection: FanoutConnection, ...dependencies: never[]) =>
      connection.openStrategy((setup) => open(setup, ...dependencies)),
    inject: [FanoutConnection, ...inject],
  };
}
