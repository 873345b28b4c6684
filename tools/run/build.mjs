import { binary, requireChild } from './child.mjs';

export const SERVICES = ['post-service', 'timeline-service', 'notifier', 'fanout-worker'];

/** No daemon stays behind, and nothing waits for an answer on a terminal. */
export const NX_ENV = { NX_DAEMON: 'false', NX_TUI: 'false', CI: 'true' };

/** Builds projects, or all of them; what is up to date is taken from the cache. */
export async function buildProjects(projects = []) {
  console.log(`Building ${projects.length > 0 ? projects.join(', ') : 'everything'}`);
  const chosen = projects.length > 0 ? ['--projects', projects.join(',')] : [];
  const args = [binary('nx'), 'run-many', '-t', 'build', ...chosen, '--output-style=static'];
  await requireChild('The build', process.execPath, args, { quiet: true, env: NX_ENV });
}
