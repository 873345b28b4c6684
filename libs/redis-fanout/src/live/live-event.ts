/** What a notifier is told when something happens to timelines, or inboxes, of readers connected to it. */
export interface LiveEvent {
  /** Names the event among all: `<partition>-<place in the partition's deliveries>`. */
  readonly event: string;
  /** Counts what the notifier was told of the partition, so that it sees when something is missing. */
  readonly count: number;
  readonly kind: LiveKind;
  /** The post, or the message. */
  readonly id: string;
  readonly readers: readonly string[];
}

/** What can happen: to a post, or that a direct message was sent. */
export type LiveKind = 'published' | 'edited' | 'deleted' | 'message';

/** The pattern under which live events are published. */
export const LIVE_PATTERN = 'timeline';
