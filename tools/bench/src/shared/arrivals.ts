import { seededRandom } from './random.js';

/** When requests are due, in milliseconds from the start: independent of each other, as those of many callers are. */
export function arrivals(rate: number, seconds: number, seed: number): number[] {
  const random = seededRandom(seed);
  const due: number[] = [];
  // The gaps of a Poisson process.
  const gap = (): number => (-Math.log(1 - random()) * 1000) / rate;
  for (let ms = gap(); ms < seconds * 1000; ms += gap()) due.push(ms);
  return due;
}
