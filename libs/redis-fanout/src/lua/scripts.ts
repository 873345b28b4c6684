import type { Script } from '../redis/script.js';
import { acknowledgeEntriesScript } from './acknowledge-entries.js';
import { acknowledgeEventsScript } from './acknowledge-events.js';
import { acknowledgeMessagesScript } from './acknowledge-messages.js';
import { appendEntryScript } from './append-entry.js';
import { attachReadersScript } from './attach-readers.js';
import { beginTimelineScript } from './begin-timeline.js';
import { blockUserScript } from './block-user.js';
import { clearDirectMessagesScript } from './clear-direct-messages.js';
import { continueFanOutScript } from './continue-fan-out.js';
import { createGroupScript } from './create-group.js';
import { deletePostScript } from './delete-post.js';
import { deliverPostsScript } from './deliver-posts.js';
import { destroyGroupScript } from './destroy-group.js';
import { detachReadersScript } from './detach-readers.js';
import { dropIdleTimelinesScript } from './drop-idle-timelines.js';
import { editPostScript } from './edit-post.js';
import { fanOutMessageScript } from './fan-out-message.js';
import { findDirectMessagesScript } from './find-direct-messages.js';
import { bringInPostsScript } from './bring-in-posts.js';
import { finishTimelineScript } from './finish-timeline.js';
import { fixSettingsScript } from './fix-settings.js';
import { followAuthorScript } from './follow-author.js';
import { giveBackEntriesScript } from './give-back-entries.js';
import { giveBackMessagesScript } from './give-back-messages.js';
import { importPostScript } from './import-post.js';
import { muteUserScript } from './mute-user.js';
import { publishPostScript } from './publish-post.js';
import { readBelowScript } from './read-below.js';
import { readDeliveriesScript } from './read-deliveries.js';
import { readDirectMessagesScript } from './read-direct-messages.js';
import { readEntriesScript } from './read-entries.js';
import { readInboxScript } from './read-inbox.js';
import { readInboxBacklogScript } from './read-inbox-backlog.js';
import { readStreamBacklogScript } from './read-stream-backlog.js';
import { recordDeliveriesScript } from './record-deliveries.js';
import { renewEntriesScript } from './renew-entries.js';
import { renewLeasesScript } from './renew-leases.js';
import { renewNotifierScript } from './renew-notifier.js';
import { replayEntriesScript } from './replay-entries.js';
import { resetRecentScript } from './reset-recent.js';
import { resolveDeadLetterScript } from './resolve-dead-letter.js';
import { sendMessageScript } from './send-message.js';
import { strikeOutSubscriptionScript } from './strike-out-subscription.js';
import { takeEntriesScript } from './take-entries.js';
import { takeMessagesScript } from './take-messages.js';
import { unfollowAuthorScript } from './unfollow-author.js';
import { unmuteUserScript } from './unmute-user.js';

/** All scripts. */
export const scripts: readonly Script<string, string>[] = [
  acknowledgeEntriesScript,
  acknowledgeEventsScript,
  acknowledgeMessagesScript,
  appendEntryScript,
  attachReadersScript,
  beginTimelineScript,
  blockUserScript,
  clearDirectMessagesScript,
  continueFanOutScript,
  createGroupScript,
  deletePostScript,
  deliverPostsScript,
  destroyGroupScript,
  detachReadersScript,
  dropIdleTimelinesScript,
  editPostScript,
  fanOutMessageScript,
  findDirectMessagesScript,
  bringInPostsScript,
  finishTimelineScript,
  fixSettingsScript,
  followAuthorScript,
  giveBackEntriesScript,
  giveBackMessagesScript,
  importPostScript,
  muteUserScript,
  publishPostScript,
  readBelowScript,
  readDeliveriesScript,
  readDirectMessagesScript,
  readEntriesScript,
  readInboxScript,
  readInboxBacklogScript,
  readStreamBacklogScript,
  recordDeliveriesScript,
  renewEntriesScript,
  renewLeasesScript,
  renewNotifierScript,
  replayEntriesScript,
  resetRecentScript,
  resolveDeadLetterScript,
  sendMessageScript,
  strikeOutSubscriptionScript,
  takeEntriesScript,
  takeMessagesScript,
  unfollowAuthorScript,
  unmuteUserScript,
];
