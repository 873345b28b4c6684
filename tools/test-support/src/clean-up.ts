const cleanups: (() => unknown)[] = [];

/** Has something done at the end of the test, before what was started earlier is stopped. */
export function onCleanUp(stop: () => unknown): void {
  cleanups.push(stop);
}

/** Stops what the test started, the last one first; a test file hands it to `afterEach` or `afterAll`. */
export async function cleanUp(): Promise<void> {
  for (const stop of cleanups.splice(0).reverse()) await stop();
}
