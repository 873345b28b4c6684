/** Something that `npm run bench` measures: each has a section of its own in docs/benchmarks.md. */
export interface Suite {
  /** Names the suite, its section, and the file with its figures. */
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
  /** Markdown, as prettier leaves it. */
  readonly section: string;
  /** All figures of all rounds: JSON, without lists of plain values, which prettier would lay out anew. */
  readonly figures: object;
  /** What went wrong; whatever it concerns has no figures. */
  readonly failures: readonly string[];
}
