/** Calls under way at once: more could take longer than a command may. */
const BATCH = 500;

/** Does something with each of many, some at a time. The results are in the order of the items. */
export async function inBatches<T, R>(
  items: readonly T[],
  action: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += BATCH) {
    const part = items.slice(from, from + BATCH);
    results.push(...(await Promise.all(part.map((item, i) => action(item, from + i)))));
  }
  return results;
}
