/** A pattern with an audience, set up on a Redis of its own. */
export interface Subject<Figures> {
  readonly pattern: string;
  readonly audience: number;
  readonly writtenOnce: boolean;
  /** Measures once, from where the last round began. @throws Error where anybody had anything but what was published */
  round(): Promise<Figures>;
  /** Ends what it keeps open between rounds; its Redis goes on. */
  close?(): Promise<void>;
}

/** A prime that divides no audience. */
const STRIDE = 7919;

/**
 * The names of an audience, in the order of its subscribing. That is not their own order, as else what lies beside each
 * other in memory would also be served one after the other, which it is not where people come as they like.
 */
export function audienceOf(size: number): string[] {
  return Array.from({ length: size }, (_, i) => `recipient-${String((i * STRIDE) % size).padStart(6, '0')}`);
}

/** Some of many, spread evenly. */
export function someOf<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, all.length / count);
  return Array.from({ length: Math.min(count, all.length) }, (_, i) => all[Math.floor(i * step)] as T);
}
