/** Figures as they are written: JSON, as prettier leaves it. Lists of plain values, which it would lay out anew, become texts. */
export function figuresText(figures: object): string {
  return `${JSON.stringify(figures, (_, value: unknown) => (isPlainList(value) ? value.join(' ') : value), 2)}\n`;
}

function isPlainList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each !== 'object');
}
