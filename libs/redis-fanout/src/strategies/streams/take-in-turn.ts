/**
 * Takes from several sources, beginning with another one at each turn, so that nobody is always the last. Where one fails
 * what was taken of others is handed over all the same.
 *
 * @throws what the first one throws, where nothing was taken
 */
export async function takeInTurn<T>(
  sources: readonly string[],
  turn: number,
  limit: number,
  takeFrom: (source: string, wanted: number) => Promise<readonly T[]>,
): Promise<T[]> {
  const first = turn % Math.max(1, sources.length);
  const taken: T[] = [];
  const errors: unknown[] = [];
  for (const source of [...sources.slice(first), ...sources.slice(0, first)]) {
    if (taken.length >= limit) break;
    try {
      taken.push(...(await takeFrom(source, limit - taken.length)));
    } catch (error) {
      errors.push(error);
    }
  }
  if (taken.length === 0 && errors.length > 0) throw errors[0];
  return taken;
}
