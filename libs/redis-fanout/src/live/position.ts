/** A place in what happened in a partition. */
export interface Position {
  readonly partition: number;
  /** The place of an event in the partition's `deliveries` (see `event-places.lua`): two numbers of up to 64 bits, as text. */
  readonly place: string;
}

/** Both parts stay within 64 bits. */
const POSITION = /^(\d{3})-((?:0|[1-9]\d{0,14})-(?:0|[1-9]\d{0,18}))$/;

/** A position as live events and clients name it: the partition in three digits, then the place. */
export function formatPosition({ partition, place }: Position): string {
  return `${String(partition).padStart(3, '0')}-${place}`;
}

/** Before the first place of all. */
export const BEGINNING = '0-0';

/** Reads what `formatPosition` gives; undefined for anything else. */
export function parsePosition(text: string): Position | undefined {
  const [, partition, place] = POSITION.exec(text) ?? [];
  return partition === undefined || place === undefined ? undefined : { partition: Number(partition), place };
}

/** Whether a place comes before another. */
export function isBefore(place: string, other: string): boolean {
  const end = place.indexOf('-');
  // Of whole numbers without leading zeros the longer one is larger.
  if (end !== other.indexOf('-')) return end < other.indexOf('-');
  if (place.length === other.length) return place < other;
  const ms = place.slice(0, end);
  const otherMs = other.slice(0, end);
  return ms === otherMs ? place.length < other.length : ms < otherMs;
}

/** When the event of a place was written, in milliseconds since 1970. */
export function writtenAtMs(place: string): number {
  return Number(place.split('-')[0]);
}
