import { ConfigurableModuleBuilder, type DynamicModule } from '@nestjs/common';

import type { connectRedis, FanoutOptions } from '../index.js';

/** How long a start may take. */
export interface StartOptions {
  /**
   * How long the start waits for a Redis that does not serve yet, in milliseconds; 1,000 to 3,600,000, default 30,000.
   * After that it fails with a `StorageUnavailableError`.
   */
  readonly startTimeoutMs?: number;
}

/** The module connects to Redis, and closes the connection at shutdown, after everything else. */
export interface ConnectingOptions extends Omit<FanoutOptions, 'client'>, StartOptions {
  /** As `connectRedis` takes it: `redis://…`, `rediss://…`, or the seeds of a cluster parted by commas. */
  readonly url: string;
  readonly client?: undefined;
  /** More options of ioredis, as `connectRedis` takes them. */
  readonly connection?: NonNullable<Parameters<typeof connectRedis>[1]>;
  /** Told of every error of the connection, which comes back by itself. Default: a warning to NestJS's logger. */
  readonly onConnectionError?: (error: unknown) => void;
}

/** The module works on a connection of the caller, who closes it after the application. */
export interface GivenClientOptions extends FanoutOptions, StartOptions {
  readonly url?: undefined;
}

/** What a module is opened with: those of a `Fanout`, and either the `url` of a Redis or a `client`. */
export type RedisFanoutModuleOptions = ConnectingOptions | GivenClientOptions;

/** What the wiring is told beside the options themselves. */
export interface RedisFanoutModuleExtras {
  /** Whether every module of the application can inject what this one provides without importing it; default true. */
  readonly isGlobal?: boolean | undefined;
}

/** A class for `useClass` and `useExisting`. */
export interface RedisFanoutOptionsFactory {
  /** The options; called once, at start. */
  createRedisFanoutOptions(): RedisFanoutModuleOptions | Promise<RedisFanoutModuleOptions>;
}

const definition = new ConfigurableModuleBuilder<RedisFanoutModuleOptions>({
  optionsInjectionToken: Symbol('redis-fanout:options'),
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createRedisFanoutOptions')
  .setExtras<RedisFanoutModuleExtras>(
    // Its keys are the names of what is no option of the module.
    { isGlobal: true },
    (module, { isGlobal = true }): DynamicModule => ({ ...module, global: isGlobal }),
  )
  .build();

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = definition;

/** What `forRoot` takes. */
export type RedisFanoutModuleRootOptions = typeof definition.OPTIONS_TYPE;

/** What `forRootAsync` takes: `imports`, and `inject` with `useFactory`, or `useClass`, or `useExisting`. */
export type RedisFanoutModuleAsyncOptions = typeof definition.ASYNC_OPTIONS_TYPE;
