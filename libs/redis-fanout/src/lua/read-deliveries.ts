import type { LiveKind } from '../live/live-event.js';
import type { RedisClient } from '../redis/client.js';
import { type KeysOf, Script } from '../redis/script.js';

export const readDeliveriesScript = new Script(
  'read-deliveries',
  ['deliveries', 'notifier'],
  ['after', 'count'],
);

/** Something that happened in a partition. */
export interface HistoryEvent {
  readonly place: string;
  readonly kind: LiveKind;
  readonly id: string;
  readonly author: string;
  /** The recipient of a message; empty for what happened to a post. */
  readonly to: string;
}

/** What there is of a partition's history. */
export interface DeliveryHistory {
  /** The last place; `0-0` where there is none. */
  readonly last: string;
  /** The first place that is kept; `0-0` where there is none. */
  readonly first: string;
  /** Whether no older one was dropped. */
  readonly isWhole: boolean;
  /** How often the notifier was told of something. */
  readonly told: number;
  readonly events: readonly HistoryEvent[];
}

/** Reads on after a place; where none is given, no events but what there is. See `read-deliveries.lua`. */
export async function readDeliveries(
  client: RedisClient,
  keys: KeysOf<typeof readDeliveriesScript>,
  { after = '', count }: { readonly after?: string | undefined; readonly count: number },
): Promise<DeliveryHistory> {
  const reply = (await readDeliveriesScript.run(client, keys, { after, count })) as (string | number)[];
  const [last, first, isWhole, told, ...fields] = reply.map(String) as [
    string,
    string,
    string,
    string,
    ...string[],
  ];
  const events = Array.from({ length: fields.length / 5 }, (_, i) => {
    const [place, kind, id, author, to] = fields.slice(5 * i, 5 * i + 5) as [
      string,
      LiveKind,
      string,
      string,
      string,
    ];
    return { place, kind, id, author, to };
  });
  return { last, first, isWhole: isWhole === '1', told: Number(told), events };
}
