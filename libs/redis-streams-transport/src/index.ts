export {
  REDIS_STREAMS,
  RedisStreamsServer,
  type RedisStreamsStatus,
} from './streams/redis-streams-server.js';
export { type RedisStreamsServerOptions } from './streams/streams-options.js';
export { RedisStreamsContext } from './streams/redis-streams-context.js';
export { RedisStreamsClient, type RedisStreamsClientOptions } from './streams/redis-streams-client.js';
export { StreamEventPattern } from './streams/stream-event-pattern.js';
export { PassErrorsFilter } from './streams/pass-errors-filter.js';
export { type StreamProgress } from './streams/stream-consumer.js';
export { streamKeys, type StreamKeys } from './streams/stream-keys.js';
export {
  DATA_FIELD,
  decodeEvent,
  encodeEvent,
  PATTERN_FIELD,
  type StreamEvent,
} from './streams/stream-entry.js';
export { StreamMonitor, type StreamMonitorOptions } from './streams/stream-monitor.js';
export { type StreamBacklog } from './lua/read-backlog.js';
export {
  type DeadLetter,
  type DeadLetterPage,
  DeadLetters,
  type DeadLettersOptions,
} from './streams/dead-letters.js';
export {
  REDIS_PUBSUB,
  RedisPubSubServer,
  type RedisPubSubStatus,
  type SubscriptionGap,
} from './pubsub/redis-pubsub-server.js';
export { type RedisPubSubServerOptions } from './pubsub/pubsub-options.js';
export { RedisPubSubContext } from './pubsub/redis-pubsub-context.js';
export { ChannelEventPattern } from './pubsub/channel-event-pattern.js';
export { decodeMessage, encodeMessage } from './pubsub/message.js';
export { type RedisClient } from './redis/redis-client.js';
export {
  EmitFailedError,
  InvalidCursorError,
  InvalidEntryError,
  InvalidOptionError,
  UnknownPatternError,
  UnsupportedOperationError,
} from './errors.js';
