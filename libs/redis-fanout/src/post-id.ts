/**
 * A post's id: 19 decimal digits, of which 13 are the milliseconds since 1970, 3 the home partition of its author and
 * 3 a sequence. It sorts by time as a text and as a number, fits a signed 64-bit integer (Redis then stores 8 bytes),
 * and exceeds 2^53: in JavaScript it is a string.
 */
export type PostId = string;

/** Whether a text has the form of a post id. */
export function isPostId(text: string): boolean {
  return /^\d{19}$/.test(text) && text <= '9223372036854775807';
}

/** The milliseconds since 1970 at which the post was published. */
export function publishedAtMs(id: PostId): number {
  return Number(id.slice(0, 13));
}

/** The partition in which the post, its author's list and its event are kept. */
export function homePartition(id: PostId): number {
  return Number(id.slice(13, 16));
}

/** The form in which a partition stands in an id. */
export function partitionDigits(partition: number): string {
  return String(partition).padStart(3, '0');
}
