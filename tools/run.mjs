/**
 * The commands of the workspace, on nothing but Node.js: what they need and is missing gets installed first.
 *
 *   node tools/run.mjs start|test|build|import|compare|audit|choosing|bench [arguments]
 */
import { chdir } from 'node:process';
import { fileURLToPath } from 'node:url';

import { StepError } from './run/child.mjs';
import { assertNodeVersion } from './run/node-version.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const commands = {
  start,
  test,
  build,
  import: (args) => tool('import', args),
  compare: (args) => tool('compare', args),
  audit: (args) => tool('audit', args),
  choosing,
  bench,
};

async function start() {
  await prepare();
  if (!process.env.REDIS_URL) await requireRedis();
  const { buildProjects, SERVICES } = await import('./run/build.mjs');
  await buildProjects([...SERVICES, 'cli']);
  const { main } = await import('./cli/dist/start/main.js');
  return main(root);
}

async function test(args) {
  await prepare();
  await requireRedis();
  const { installChromium } = await import('./run/chromium.mjs');
  await installChromium();
  const { runChecks } = await import('./run/checks.mjs');
  return runChecks(args);
}

async function build() {
  await prepare();
  const { buildProjects } = await import('./run/build.mjs');
  await buildProjects();
  return 0;
}

async function tool(name, args) {
  return built(['cli'], `cli/dist/${name}/main.js`, args);
}

async function choosing(args) {
  await requireRedis();
  return built(['bench'], 'bench/dist/choosing/main.js', args);
}

async function bench(args) {
  await requireRedis();
  return built(['bench', 'notifier'], 'bench/dist/main.js', args);
}

/** Runs a built program of these projects. */
async function built(projects, file, args) {
  await prepare();
  const { buildProjects } = await import('./run/build.mjs');
  await buildProjects(projects);
  const { main } = await import(`./${file}`);
  return main(args);
}

async function prepare() {
  const { installDependencies } = await import('./run/dependencies.mjs');
  await installDependencies(root);
}

async function requireRedis() {
  const { installRedis } = await import('./run/redis.mjs');
  await installRedis();
}

async function run([name, ...args]) {
  assertNodeVersion(process.versions.node);
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
  if (command === undefined) {
    throw new StepError(`Usage: node tools/run.mjs ${Object.keys(commands).join('|')} [arguments]`);
  }
  chdir(root);
  return command(args);
}

try {
  // What was started may still hold the process open, so its end is said and not waited for.
  process.exit(await run(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof StepError ? error.message : error);
  process.exit(1);
}
