import type { RedisClient } from '../../src/index.js';

/** An event as it stands in the history of a partition. */
export interface StoredEvent {
  readonly place: string;
  /** As it is stored: `<id><author>` of a post that was published, `<kind> <id><author> <detail>` otherwise. */
  readonly text: string;
}

/** All of the history of a partition, in order. */
export async function storedHistory(client: RedisClient, deliveriesKey: string): Promise<StoredEvent[]> {
  const entries = await client.xrange(deliveriesKey, '-', '+');
  return entries.flatMap(([entryId, [, events = '']]) => {
    const [ms = '', sequence = ''] = entryId.split('-');
    return events.split(',').map((text, i) => ({ place: `${ms}-${Number(sequence) * 10 + i}`, text }));
  });
}
