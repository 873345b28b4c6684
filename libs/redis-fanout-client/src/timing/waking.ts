/** What browsers tell a page that comes back: to the network, from a sleep, to the front, out of the cache of pages. */
const SIGNS = ['online', 'visibilitychange', 'pageshow'] as const;

interface Signs {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

/** Calls the listener when the device may be back; never where nothing tells of that, as in Node. */
export function onWaking(listener: () => void): () => void {
  const signs = globalThis as Partial<Signs>;
  for (const sign of SIGNS) signs.addEventListener?.(sign, listener);
  return () => {
    for (const sign of SIGNS) signs.removeEventListener?.(sign, listener);
  };
}
