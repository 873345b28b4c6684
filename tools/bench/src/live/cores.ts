import { allowedCores } from '../shared/pinning.js';

/** The core of each part; undefined where none is bound to one. */
export interface Cores {
  readonly server: number | undefined;
  readonly clients: number | undefined;
  readonly redis: number | undefined;
  readonly publisher: number | undefined;
}

export const NO_CORES: Cores = {
  server: undefined,
  clients: undefined,
  redis: undefined,
  publisher: undefined,
};

/** The server has a core to itself; so have the others, as far as there are enough. */
export function coresOfParts(allowed = allowedCores()): Cores {
  const [server, clients, redis = clients, publisher = redis] = allowed.toReversed();
  return clients === undefined ? NO_CORES : { server, clients, redis, publisher };
}

/** What a page says of it. */
export function describeCores({ server, clients, redis, publisher }: Cores): string {
  if (server === undefined) return 'no process was bound to a core';
  const others = [
    ['clients', clients],
    ['Redis', redis],
    ['the publisher', publisher],
  ] as const;
  const told = others.map(([part, core]) => `${part} on ${core ?? ''}`).join(', ');
  return `the server had core ${server} to itself, ${told}`;
}
