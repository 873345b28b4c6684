/** What a notifier is told when something enters, or changes in, timelines of readers connected to it. */
export interface LiveEvent {
  /** Names the event among all: `<partition>-<entry of the partition's deliveries>`. */
  readonly event: string;
  readonly kind: 'published' | 'edited' | 'deleted';
  /** The post. */
  readonly id: string;
  readonly readers: readonly string[];
}

/** The pattern under which live events are published. */
export const LIVE_PATTERN = 'timeline';
