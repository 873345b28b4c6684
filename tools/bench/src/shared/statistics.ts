/** The value below which a fraction of the values lies: the nearest one that was measured. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(fraction * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('nothing was measured');
  return value;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The median with the range: `12.3 (11.8–14.1)`, or the one value where all look the same. */
export function spread(values: readonly number[]): string {
  const shown = threeDigits(median(values));
  const lowest = threeDigits(quantile(values, 0));
  const highest = threeDigits(quantile(values, 1));
  return lowest === highest ? shown : `${shown} (${lowest}–${highest})`;
}

/** A positive number with three digits that count: `0.0123`, `4.57`, `12.3`, `12,300`. */
export function threeDigits(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

export function whole(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** `1 round`, `5 rounds`. */
export function counted(count: number, noun: string): string {
  return `${whole(count)} ${noun}${count === 1 ? '' : 's'}`;
}
