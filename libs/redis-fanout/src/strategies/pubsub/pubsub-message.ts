import { randomUUID } from 'node:crypto';

import { InvalidPayloadError } from '../../errors.js';
import type { Message } from '../fanout-strategy.js';

/** A message on its way: `<id> <publishedAtMs> <payload as JSON>`. */
export function newMessage(json: string): { readonly id: string; readonly text: string } {
  const id = randomUUID();
  return { id, text: `${id} ${Date.now()} ${json}` };
}

/** @throws InvalidPayloadError where somebody else has published on the channel. */
export function readMessage<Payload>(text: string, source: string): Message<Payload> {
  const [, id, publishedAtMs, json] = /^([\da-f-]{36}) (\d{1,15}) (.+)$/s.exec(text) ?? [];
  if (id === undefined || json === undefined) {
    throw new InvalidPayloadError(new Error(`something else than a message came from ${source}`));
  }
  return { id, source, payload: parse(json) as Payload, publishedAtMs: Number(publishedAtMs), attempt: 1 };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new InvalidPayloadError(error);
  }
}
