/** A place in what happened in a partition. */
export interface Position {
  readonly partition: number;
  /** The id of an entry of the partition's `deliveries`: two numbers of up to 64 bits, as text. */
  readonly entry: string;
}

/** Both parts stay within 64 bits. */
const POSITION = /^(\d{3})-((?:0|[1-9]\d{0,14})-(?:0|[1-9]\d{0,18}))$/;

/** A position as live events and clients name it: the partition in three digits, then the entry. */
export function formatPosition({ partition, entry }: Position): string {
  return `${String(partition).padStart(3, '0')}-${entry}`;
}

/** Before the first entry of all. */
export const BEGINNING = '0-0';

/** Reads what `formatPosition` gives; undefined for anything else. */
export function parsePosition(text: string): Position | undefined {
  const [, partition, entry] = POSITION.exec(text) ?? [];
  return partition === undefined || entry === undefined ? undefined : { partition: Number(partition), entry };
}

/** Whether an entry comes before another. */
export function isBefore(entry: string, other: string): boolean {
  const end = entry.indexOf('-');
  // Of whole numbers without leading zeros the longer one is larger.
  if (end !== other.indexOf('-')) return end < other.indexOf('-');
  if (entry.length === other.length) return entry < other;
  const ms = entry.slice(0, end);
  const otherMs = other.slice(0, end);
  return ms === otherMs ? entry.length < other.length : ms < otherMs;
}

/** When an entry was written, in milliseconds since 1970. */
export function writtenAtMs(entry: string): number {
  return Number(entry.split('-')[0]);
}
