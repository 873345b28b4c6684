import { InvalidCursorError } from '../../errors.js';
import { checkWhole } from '../checks.js';
import type { Message, MessagePage, ReadRequest } from '../fanout-strategy.js';
import { comparePlaces, messageId, placeOf } from './message-id.js';

/** A message and the entry at which a stream has it. */
export interface PlacedMessage<Payload> {
  readonly entry: string;
  readonly message: Message<Payload>;
}

/**
 * Reads a page over the streams of several sources, in the order of their entries. `look` gives up to so many messages of
 * one of them from an entry on (without it where a `(` is before it).
 *
 * @throws InvalidCursorError, InvalidOptionError
 */
export async function mergedPage<Payload>(
  sources: readonly string[],
  { limit = 50, cursor }: ReadRequest,
  look: (source: string, from: string, limit: number) => Promise<readonly PlacedMessage<Payload>[]>,
): Promise<MessagePage<Payload>> {
  checkWhole('limit', limit, 1, 100);
  const after = cursor === undefined ? { entry: '0-0', source: '' } : placeOf(cursor);
  if (after === undefined) throw new InvalidCursorError();
  const pages = await Promise.all(
    sources.map(async (source) => {
      const from = (source <= after.source ? '(' : '') + after.entry;
      // One more than wanted tells whether there are more.
      const found = await look(source, from, limit + 1);
      return found.map((placed) => ({ ...placed, source }));
    }),
  );
  const found = pages.flat().sort(comparePlaces);
  const last = found.length > limit ? found[limit - 1] : undefined;
  return {
    items: found.slice(0, limit).map(({ message }) => message),
    nextCursor: last === undefined ? null : messageId(last),
  };
}
