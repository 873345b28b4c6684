import { type Terminal, UsageError } from './shared/terminal.js';
import type { Suite } from './suite.js';

/**
 * The suites of these names; without names all but those that lack something, which is told.
 *
 * @throws UsageError where there is none of a name
 */
export function chooseSuites(
  suites: readonly Suite[],
  names: readonly string[],
  { complain }: Terminal,
): readonly Suite[] {
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    throw new UsageError(
      `${unknown.join(', ')}: no suite; there are ${suites.map(({ name }) => name).join(', ')}`,
    );
  }
  if (names.length > 0) return suites.filter(({ name }) => names.includes(name));
  return suites.filter(({ name, lacks }) => {
    const lacking = lacks?.();
    if (lacking !== undefined) complain(`${name} is left out: ${lacking}`);
    return lacking === undefined;
  });
}
