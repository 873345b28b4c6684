import type { FactoryProvider, InjectionToken, ModuleMetadata } from '@nestjs/common';

import type { FanoutOptions } from '../index.js';

/** What a strategy is opened on: the module's connection, and the `prefix` and `partitions` that the module was given. */
export type StrategySetup = Pick<FanoutOptions, 'client' | 'prefix' | 'partitions'>;

/** What every strategy of the library can do, and all that the module asks of one. */
export interface ClosableStrategy {
  /** Ends all listening, and waits for handlers at work. */
  close(): Promise<void>;
}

/** A strategy to be opened at start, and injected. */
export interface StrategyProvider {
  /** The token that the strategy is injected by. */
  readonly provide: InjectionToken<ClosableStrategy>;
  /** The tokens of what else `open` is called with. */
  readonly inject?: NonNullable<FactoryProvider['inject']>;
  /**
   * Opens the strategy: `openLists<ChatMessage>` itself, or a function that calls it with more options. Called again
   * while Redis does not serve yet. Strategies of one kind share their messages unless each has a `prefix` of its own.
   */
  readonly open: (
    setup: StrategySetup,
    ...dependencies: never[]
  ) => ClosableStrategy | Promise<ClosableStrategy>;
}

/** Where a module's strategies come from. */
export interface FeatureOptions {
  /** Modules that `inject` needs, and the `forRoot` module itself where that is not global. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
}
