import { allowedCores } from '../shared/pinning.js';

/** The core of each part; undefined where none is bound to one. */
export interface Cores {
  readonly server: number | undefined;
  readonly load: number | undefined;
  readonly redis: number | undefined;
}

export const NO_CORES: Cores = { server: undefined, load: undefined, redis: undefined };

/** The server has a core to itself; so have the others, where there are three. */
export function coresOfParts(allowed = allowedCores()): Cores {
  const [server, load, redis = load] = allowed.toReversed();
  return load === undefined ? NO_CORES : { server, load, redis };
}

/** What a page says of it. */
export function describeCores({ server, load, redis }: Cores): string {
  if (server === undefined) return 'no process was bound to a core';
  const together =
    load === redis
      ? `the load and Redis shared core ${load ?? ''}`
      : `the load had core ${load ?? ''}, Redis core ${redis ?? ''}`;
  return `the server had core ${server} to itself, ${together}`;
}
