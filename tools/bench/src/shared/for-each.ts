/** Does something for each, some at once; each begins after those before it. */
export async function forEach<T>(
  each: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < each.length; i = next++) await work(each[i] as T, i);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, each.length) }, worker));
}
