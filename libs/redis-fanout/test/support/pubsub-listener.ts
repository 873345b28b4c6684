import type { Gap, Message, PubSubStrategy } from '../../src/index.js';

/** A listener that keeps what it is told. */
export interface Listener {
  readonly received: Message<unknown>[];
  readonly gaps: Gap[];
  readonly errors: unknown[];
  close(): Promise<void>;
}

/** Listens until it is closed. */
export async function listen(pubSub: PubSubStrategy<unknown>, recipient: string): Promise<Listener> {
  const received: Message<unknown>[] = [];
  const gaps: Gap[] = [];
  const errors: unknown[] = [];
  const listening = await pubSub.listen(recipient, (message) => void received.push(message), {
    onGap: (gap) => gaps.push(gap),
    onError: (error) => errors.push(error),
  });
  return { received, gaps, errors, close: async () => listening.close() };
}

export function payloads({ received }: Listener): unknown[] {
  return received.map(({ payload }) => payload);
}
