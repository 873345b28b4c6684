/** The keys of one stream. On a Redis Cluster all three must carry the same hash tag, as in `{0}:outbox`. */
export interface StreamKeys {
  /** The stream itself. */
  readonly stream: string;
  /** A stream of what was given up. */
  readonly deadLetters: string;
  /** A hash of why entries failed. */
  readonly failures: string;
}

/** The keys beside a stream where nothing else is said: `<stream>:dead-letters` and `<stream>:failures`. */
export function streamKeys(stream: string): StreamKeys {
  return { stream, deadLetters: `${stream}:dead-letters`, failures: `${stream}:failures` };
}

export function toStreamKeys(streams: readonly (string | StreamKeys)[]): StreamKeys[] {
  return streams.map((stream) => (typeof stream === 'string' ? streamKeys(stream) : stream));
}
