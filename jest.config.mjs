import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One run over all projects, so that one report counts every test. */
const projects = ['apps', 'libs', 'tools'].flatMap((folder) =>
  readdirSync(join(import.meta.dirname, folder))
    .map((name) => join(import.meta.dirname, folder, name, 'jest.config.mjs'))
    .filter((config) => existsSync(config)),
);

// Suites start servers of their own: more of them at once than this, and they wait for each other.
export default { projects, testTimeout: 60_000, maxWorkers: 2 };
