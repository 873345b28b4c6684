export { Fanout } from './fanout.js';
export type { FanoutOptions } from './options.js';
export { connectRedis, type ConnectionOptions } from './redis/connect.js';
export { isCluster, type RedisClient } from './redis/client.js';
export * from './errors.js';
export { isPostId, type PostId, publishedAtMs } from './post-id.js';
export { hashTags, MAX_PARTITIONS, partitionOfUser } from './partitions.js';
export { isUserId } from './user-id.js';
export type { Post, StoredPost } from './posts/post.js';
export type { ArchivedPost, PostDraft, Posts } from './posts/posts.js';
export type { DeliveryAccount } from './posts/delivery-account.js';
export type { DeliveryCount } from './lua/record-deliveries.js';
export type { Follows, UserCounts } from './follows/follows.js';
export type { DirectMessage } from './messages/direct-message.js';
export type {
  InboxPage,
  InboxRequest,
  MessageDraft,
  Messages,
  SendResult,
  SentMessage,
} from './messages/messages.js';
export type { MessageDelivery } from './lua/send-message.js';
export type { Page, PageRequest, Timelines } from './timelines/timelines.js';
export type { ListFindings, RecentFindings, TimelineAudit, TimelineFindings } from './timelines/audit.js';
export type { Deliverer } from './delivery/deliverer.js';
export type { DeliveryWorker, DeliveryWorkerOptions } from './delivery/delivery-worker.js';
export { isPostEvent, POST_PATTERN, type PostEvent } from './delivery/post-event.js';
export { LIVE_PATTERN, type LiveEvent, type LiveKind } from './live/live-event.js';
export { LiveHub, type LiveHubOptions } from './live/live-hub.js';
export { type LiveListener, type LiveSubscription, type LiveUpdate } from './live/live-update.js';
export { type NotifierState } from './lua/renew-notifier.js';
export { NOTIFIER_LIFETIME_MS, type Presence } from './presence/presence.js';
export * from './strategies/capabilities.js';
export * from './strategies/fanout-strategy.js';
export type {
  ListOptions,
  PartitionedStrategyOptions,
  PubSubOptions,
  StrategyOptions,
  StreamOptions,
} from './strategies/strategy-options.js';
export { openPubSub } from './strategies/pubsub/pubsub.js';
export { openLists } from './strategies/lists/lists.js';
export { openTimelines, type TimelineOptions } from './strategies/timelines/timelines.js';
export { openStreams } from './strategies/streams/streams.js';
export { MemoryBroker, type MemoryOptions } from './memory/memory-broker.js';
