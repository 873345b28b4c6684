import { readdirSync, existsSync } from 'node:fs';

/** One run over all projects, so that one report counts every test. */
const projects = ['apps', 'libs', 'tools'].flatMap((folder) =>
  readdirSync(folder)
    .map((name) => `${folder}/${name}`)
    .filter((project) => existsSync(`${project}/jest.config.mjs`)),
);

export default { projects, testTimeout: 60_000 };
