import type { Script } from '../redis/script.js';
import { attachReadersScript } from './attach-readers.js';
import { beginTimelineScript } from './begin-timeline.js';
import { deletePostScript } from './delete-post.js';
import { deliverPostsScript } from './deliver-posts.js';
import { detachReadersScript } from './detach-readers.js';
import { editPostScript } from './edit-post.js';
import { finishTimelineScript } from './finish-timeline.js';
import { followAuthorScript } from './follow-author.js';
import { importPostScript } from './import-post.js';
import { publishPostScript } from './publish-post.js';
import { readBelowScript } from './read-below.js';
import { recordDeliveriesScript } from './record-deliveries.js';
import { unfollowAuthorScript } from './unfollow-author.js';

/** All scripts. */
export const scripts: readonly Script<string, string>[] = [
  attachReadersScript,
  beginTimelineScript,
  deletePostScript,
  deliverPostsScript,
  detachReadersScript,
  editPostScript,
  finishTimelineScript,
  followAuthorScript,
  importPostScript,
  publishPostScript,
  readBelowScript,
  recordDeliveriesScript,
  unfollowAuthorScript,
];
