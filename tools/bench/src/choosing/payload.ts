import { TEXT_LENGTH } from './plan.js';

/** What is published: a number that is never used twice, by which what arrives is checked, and some text. */
export interface Payload {
  readonly n: number;
  readonly text: string;
}

const TEXT = 'x'.repeat(TEXT_LENGTH);

export function payload(n: number): Payload {
  return { n, text: TEXT };
}

/** Numbers from one up to and including another. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
