/** An entry as the scripts give it that read a stream. */
export interface StreamEntry {
  readonly id: string;
  readonly attempt: number;
  readonly fields: ReadonlyMap<string, string>;
}

/** What such scripts answer: `{id, attempt, {field, value, ...}}` each. */
export type StreamReply = readonly (readonly [string, number, readonly string[]])[];

export function streamEntries(reply: StreamReply): StreamEntry[] {
  return reply.map(([id, attempt, flat]) => ({ id, attempt, fields: namedFields(flat) }));
}

/** Named values from the flat list in which Redis answers. */
export function namedFields(flat: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < flat.length; i += 2) fields.set(flat[i] ?? '', flat[i + 1] ?? '');
  return fields;
}
