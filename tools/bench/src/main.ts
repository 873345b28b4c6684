import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { activitySuite } from './activity/suite.js';
import { celebritySuite } from './celebrity/suite.js';
import { chooseSuites } from './choose-suites.js';
import { deliveriesSuite } from './fanout/suite.js';
import { growthSuite } from './growth/suite.js';
import { httpSuite } from './http/suite.js';
import { liveSuite } from './live/suite.js';
import { mixSuite } from './mix/suite.js';
import { networksSuite } from './networks/suite.js';
import { figuresText } from './shared/figures-file.js';
import { readSection, writeSection } from './shared/page.js';
import { PROCESS_TERMINAL, runCommand, type Terminal } from './shared/terminal.js';
import { pictureFile, type Suite } from './suite.js';
import { timelinesSuite } from './timelines/suite.js';
import { transportSuite } from './transport/suite.js';

const PAGE = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url));

const SUITES: readonly Suite[] = [
  deliveriesSuite,
  timelinesSuite,
  growthSuite,
  mixSuite,
  networksSuite,
  activitySuite,
  celebritySuite,
  httpSuite,
  liveSuite,
  transportSuite,
];

const HELP = `Usage: npm run bench -- [SUITE...] [options]

Measures, writes the sections of the suites in docs/benchmarks.md, and all figures into docs/benchmarks.SUITE.json.
Without a suite: all of them, one after the other, but those that lack something.

${SUITES.map(({ name, summary }) => `  ${name.padEnd(12)}  ${summary}`).join('\n')}

  --quick       small numbers: shows that it works, the figures say nothing
  --page FILE   another page, which is there already; the other files are written beside it
  --help        shows this`;

const SYNTAX = {
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    page: { type: 'string', default: PAGE },
    help: { type: 'boolean', default: false },
  },
} as const;

/** The command `bench`. Resolves with the exit code: 1 where something has no figures, 2 for bad usage. */
export async function main(argv: readonly string[], terminal = PROCESS_TERMINAL): Promise<number> {
  return runCommand('bench', terminal, async () => {
    const { values, positionals } = parseArgs({ ...SYNTAX, args: [...argv] });
    if (values.help) {
      terminal.print(HELP);
      return 0;
    }
    let code = 0;
    for (const suite of chooseSuites(SUITES, positionals, terminal)) {
      code = Math.max(code, await generate(suite, values.page, values.quick, terminal));
    }
    return code;
  });
}

async function generate(suite: Suite, file: string, quick: boolean, terminal: Terminal): Promise<number> {
  const { name } = suite;
  // Before anything is measured, as a page without a place for the section would be found out last.
  readSection(readFileSync(file, 'utf8'), name);
  const startedAt = performance.now();
  const { section, figures, pictures = {}, failures } = await suite.run({ quick, say: terminal.complain });
  const figuresFile = `${file.replace(/\.md$/, '')}.${name}.json`;
  writeFileSync(figuresFile, figuresText(figures));
  for (const [picture, svg] of Object.entries(pictures)) {
    writeFileSync(join(dirname(file), pictureFile(name, picture)), svg);
  }
  // Read again: meanwhile somebody may have written on it.
  writeFileSync(file, writeSection(readFileSync(file, 'utf8'), name, section));
  terminal.print(`${file}: written after ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  for (const failure of failures) terminal.complain(`bench: ${failure}`);
  return failures.length === 0 ? 0 : 1;
}
