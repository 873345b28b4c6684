export { FANOUT_CLIENT, RedisFanoutModule } from './redis-fanout.module.js';
export type {
  ConnectingOptions,
  GivenClientOptions,
  RedisFanoutModuleAsyncOptions,
  RedisFanoutModuleExtras,
  RedisFanoutModuleOptions,
  RedisFanoutModuleRootOptions,
  RedisFanoutOptionsFactory,
  StartOptions,
} from './module-options.js';
export type {
  ClosableStrategy,
  FeatureOptions,
  StrategyProvider,
  StrategySetup,
} from './strategy-provider.js';
