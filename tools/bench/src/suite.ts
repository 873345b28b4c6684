import { type Terminal, UsageError } from './shared/terminal.js';

/** Something that `npm run bench` measures: each has a section of its own in docs/benchmarks.md. */
export interface Suite {
  /** Names the suite, its section, and the files with its figures and pictures. */
  readonly name: string;
  /** What it measures, for the help. */
  readonly summary: string;
  /** What it needs and has not got. Then it is left out unless it is named. */
  readonly lacks?: () => string | undefined;
  /** @throws Error where it cannot measure at all */
  readonly run: (options: SuiteOptions) => Promise<SuiteResult>;
}

export interface SuiteOptions {
  /** Measures so little that only the measuring itself is tried. */
  readonly quick: boolean;
  /** Told how far it is. */
  readonly say: (line: string) => void;
}

export interface SuiteResult {
  /** Markdown, as prettier leaves it. The pictures are named in it as `pictureFile` says. */
  readonly section: string;
  /** All figures of all rounds: JSON, without lists of plain values, which prettier would lay out anew. */
  readonly figures: object;
  /** SVG, by name. */
  readonly pictures?: Readonly<Record<string, string>>;
  /** What went wrong; whatever it concerns has no figures. */
  readonly failures: readonly string[];
}

/** A picture of a suite, beside the page. */
export function pictureFile(suite: string, name: string): string {
  return `benchmarks.${suite}.${name}.svg`;
}

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
