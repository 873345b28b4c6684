import { InvalidOptionError } from '../../errors.js';

/** Where in which stream a message is. */
export interface MessagePlace {
  /** Id of the stream's entry: `<ms>-<sequence>`. */
  readonly entry: string;
  readonly source: string;
}

/** The id of a message: entries of two streams may have the same id, so the source belongs to it. */
export function messageId({ entry, source }: MessagePlace): string {
  return `${entry}/${source}`;
}

/** Reads the id of a message; undefined where it is none. */
export function placeOf(id: string): MessagePlace | undefined {
  const [, entry, source] = /^(\d+-\d+)\/(.+)$/.exec(id) ?? [];
  if (entry === undefined || source === undefined) return undefined;
  return entry.split('-').every(isUint64) ? { entry, source } : undefined;
}

/** Redis would take other forms, too; then one entry had several ids. */
function isUint64(digits: string): boolean {
  return /^(0|[1-9]\d{0,19})$/.test(digits) && BigInt(digits) < 2n ** 64n;
}

/** The entry that a message of a source is. @throws InvalidOptionError where the id is none of that source. */
export function entryOf(id: string, source: string): string {
  const place = placeOf(id);
  if (place?.source !== source) throw new InvalidOptionError('from', `the id of a message of ${source}`);
  return place.entry;
}

/** Which of two places comes first: by time, then by source. */
export function comparePlaces(a: MessagePlace, b: MessagePlace): number {
  return compareEntries(a.entry, b.entry) || (a.source < b.source ? -1 : Number(a.source > b.source));
}

/** Which of two entries of a stream comes first. */
export function compareEntries(a: string, b: string): number {
  const [aMs = '', aSequence = ''] = a.split('-');
  const [bMs = '', bSequence = ''] = b.split('-');
  return compareDigits(aMs, bMs) || compareDigits(aSequence, bSequence);
}

/** Numbers of 64 bits, which are more than a double holds. */
function compareDigits(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : Number(a > b);
}
