import { type BenchSpec, describeBench, takeBench } from './shared/bench.js';
import type { Cores } from './shared/cores.js';
import { QUICK_NOTICE } from './shared/markdown.js';
import type { Say } from './shared/terminal.js';

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

interface SuiteOptions {
  /** Measures so little that only the measuring itself is tried. */
  readonly quick: boolean;
  readonly say: Say;
}

interface SuiteResult {
  /** Markdown, as prettier leaves it. The pictures are named in it as `pictureFile` says. */
  readonly section: string;
  /** All figures of all rounds: JSON. */
  readonly figures: object;
  /** SVG, by name. */
  readonly pictures?: Readonly<Record<string, string>>;
  /** What went wrong; whatever it concerns has no figures. */
  readonly failures: readonly string[];
}

/** A suite, by how it measures. */
interface SuiteSpec<P extends object> extends Omit<Suite, 'run'> {
  /** What the committed page is made with. */
  readonly fullPlan: P;
  /** What a quick run is made with. */
  readonly quickPlan: P;
  readonly bench: BenchSpec;
  readonly measure: (plan: P, on: Bench) => Promise<SuiteResult>;
}

/** Where a suite measures. */
interface Bench {
  readonly cores: Cores;
  /** What the section is to say of it; see `describeBench`. */
  readonly measuredBy: string;
  readonly say: Say;
}

/** What is the same of all suites: the figures say when, by which plan and on what they were measured. */
export function defineSuite<P extends object>({
  fullPlan,
  quickPlan,
  bench,
  measure,
  ...described
}: SuiteSpec<P>): Suite {
  const run = async ({ quick, say }: SuiteOptions): Promise<SuiteResult> => {
    const plan = quick ? quickPlan : fullPlan;
    const setting = await takeBench(quick, bench);
    const command = `npm run bench -- ${described.name}${quick ? ' --quick' : ''}`;
    const measuredBy = describeBench(setting, command);
    const result = await measure(plan, { cores: setting.cores, measuredBy, say });
    return {
      ...result,
      section: quick ? `${QUICK_NOTICE}\n\n${result.section}` : result.section,
      figures: { measuredAt: new Date().toISOString(), plan, setting, ...result.figures },
    };
  };
  return { ...described, run };
}

/** A picture of a suite, beside the page. */
export function pictureFile(suite: string, name: string): string {
  return `benchmarks.${suite}.${name}.svg`;
}
