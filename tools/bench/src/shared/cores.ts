import { allowedCores } from './pinning.js';

/** What runs while something is measured, as a sentence calls it. */
const PARTS = {
  redis: 'Redis',
  client: 'what is measured',
  server: 'the server',
  load: 'the load',
  clients: 'the clients',
  publisher: 'the publisher',
  consumer: 'the consumer',
  producer: 'the producer',
} as const;

export type Part = keyof typeof PARTS;

/** The core of each part; without those that are bound to none. */
export type Cores = Readonly<Partial<Record<Part, number>>>;

/**
 * Cores for parts, which are named in the order of who is to have one alone: where there are too few, the last ones share
 * one. With less than two there is nothing to choose, and nobody is bound to any.
 */
export function coresOf(parts: readonly Part[], allowed = allowedCores()): Cores {
  if (allowed.length < 2) return {};
  const cores = allowed.slice(-parts.length).reverse();
  return Object.fromEntries(parts.map((part, i) => [part, cores[i] ?? cores.at(-1)]));
}

/** What a page says of it, a part of a sentence. */
export function describeCores(cores: Cores): string {
  const bound = Object.entries(cores) as [Part, number][];
  const [first, ...others] = new Set(bound.map(([, core]) => core));
  if (first === undefined) return 'no process was bound to a core';
  const partsOn = (core: number): string[] =>
    bound.filter(([, its]) => its === core).map(([part]) => PARTS[part]);
  const told = others.map((core) => {
    const parts = partsOn(core);
    return `${new Intl.ListFormat('en-GB').format(parts)}${parts.length > 1 ? ' shared' : ''} core ${core}`;
  });
  return [`${partsOn(first).join()} had core ${first} to itself`, ...told].join(', ');
}
