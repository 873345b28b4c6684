/** Processor time of this process so far, in microseconds. */
export function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** What work has taken of this process. */
export interface Spent {
  readonly seconds: number;
  readonly cpuUs: number;
}

/** Does something, and answers what it took, with what it answers. */
export async function spend<T>(work: () => Promise<T>): Promise<Spent & { readonly value: T }> {
  const startedAt = performance.now();
  const before = cpuUs();
  const value = await work();
  const after = cpuUs();
  return { value, seconds: (performance.now() - startedAt) / 1000, cpuUs: after - before };
}
