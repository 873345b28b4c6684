/** Something that `npm run bench` measures: each has a section of its own in docs/benchmarks.md. */
export interface Suite {
  /** Names the suite, its section, and the files with its figures and pictures. */
  readonly name: string;
  /** What it measures, for the help. */
  readonly summary: string;
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
