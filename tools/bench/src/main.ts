import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { liveSuite } from './live/suite.js';
import { readSection, writeSection } from './shared/page.js';
import { PROCESS_TERMINAL, runCommand, type Terminal, UsageError } from './shared/terminal.js';
import type { Suite } from './suite.js';

const PAGE = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url));

const SUITES: readonly Suite[] = [liveSuite];

const HELP = `Usage: npm run bench -- SUITE [options]

Measures, writes the section of the suite in docs/benchmarks.md, and all figures into docs/benchmarks.SUITE.json.

${SUITES.map(({ name, summary }) => `  ${name.padEnd(12)}  ${summary}`).join('\n')}

  --quick       small numbers: shows that it works, the figures say nothing
  --page FILE   another page, which is there already; the JSON is written beside it
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
    return generate(suiteNamed(positionals), values.page, values.quick, terminal);
  });
}

function suiteNamed(names: readonly string[]): Suite {
  const suite = SUITES.find(({ name }) => names.length === 1 && name === names[0]);
  if (suite !== undefined) return suite;
  throw new UsageError(`one suite is to be named, of: ${SUITES.map(({ name }) => name).join(', ')}`);
}

async function generate(suite: Suite, file: string, quick: boolean, terminal: Terminal): Promise<number> {
  const { name } = suite;
  // Before anything is measured, as a page without a place for the section would be found out last.
  readSection(readFileSync(file, 'utf8'), name);
  const startedAt = performance.now();
  const { section, figures, failures } = await suite.run({ quick, say: terminal.complain });
  const figuresFile = `${file.replace(/\.md$/, '')}.${name}.json`;
  writeFileSync(figuresFile, `${JSON.stringify(figures, null, 2)}\n`);
  // Read again: meanwhile somebody may have written on it.
  writeFileSync(file, writeSection(readFileSync(file, 'utf8'), name, section));
  terminal.print(`${file}: written after ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  for (const failure of failures) terminal.complain(`bench: ${failure}`);
  return failures.length === 0 ? 0 : 1;
}
