import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { takeBench } from '../shared/bench.js';
import { readSection, writeSection } from '../shared/page.js';
import { PROCESS_TERMINAL, runCommand, type Terminal } from '../shared/terminal.js';
import { capabilitiesTable } from './capabilities-table.js';
import { figuresSection } from './figures-section.js';
import { measure } from './measure.js';
import { FULL_PLAN, type Plan, QUICK_PLAN } from './plan.js';

const PAGE = fileURLToPath(new URL('../../../../docs/choosing-a-strategy.md', import.meta.url));

const HELP = `Usage: npm run choosing -- [options]

Measures the patterns, and writes the generated sections of docs/choosing-a-strategy.md.

  --quick       fewer messages, recipients and rounds: shows that it works, the figures say nothing
  --check       measures nothing; the exit code is 1 where the table of capabilities is not what the code says
  --page FILE   another page, which is there already
  --help        shows this`;

/** The command `choosing`. Resolves with the exit code: 1 where it failed or the page differs, 2 for bad usage. */
export async function main(argv: readonly string[], terminal = PROCESS_TERMINAL): Promise<number> {
  return runCommand('choosing', terminal, async () => {
    const { values } = parseArgs({ ...SYNTAX, args: [...argv] });
    if (values.help) {
      terminal.print(HELP);
      return 0;
    }
    if (values.check) return check(values.page, terminal);
    await generate(values.page, values.quick ? QUICK_PLAN : FULL_PLAN, terminal);
    return 0;
  });
}

const SYNTAX = {
  options: {
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    page: { type: 'string', default: PAGE },
    help: { type: 'boolean', default: false },
  },
} as const;

function check(file: string, terminal: Terminal): number {
  if (readSection(readFileSync(file, 'utf8'), 'capabilities') === capabilitiesTable()) {
    terminal.print(`${file}: the table of capabilities is what the code says`);
    return 0;
  }
  terminal.complain(
    `${file}: the table of capabilities is not what the code says; \`npm run choosing\` writes it`,
  );
  return 1;
}

async function generate(file: string, plan: Plan, { print, complain }: Terminal): Promise<void> {
  // Before anything is measured, as a page without places for the sections would be found out last.
  const page = writeSection(readFileSync(file, 'utf8'), 'capabilities', capabilitiesTable());
  readSection(page, 'figures');
  const startedAt = performance.now();
  const setting = await takeBench(plan.quick, { packages: [] });
  const figures = await measure(plan, { redisCore: setting.cores.redis, say: complain });
  writeFileSync(file, writeSection(page, 'figures', figuresSection(figures, plan, setting)));
  print(`${file}: written after ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
}
