import { loadavg } from 'node:os';

import { type Cores, coresOf, describeCores, type Part } from './cores.js';
import { withRedis } from './measured-redis.js';
import { packageVersions } from './package-versions.js';
import { pin } from './pinning.js';
import { describeSetting, type Setting } from './setting.js';
import { threeDigits } from './statistics.js';

/** What it takes to measure something, and what is to be told of it. */
export interface BenchSpec {
  /** See `coresOf`. */
  readonly parts?: readonly Part[];
  /** The part that this process is; the last one unless it is said. */
  readonly self?: Part;
  /** Folders of the sources that are measured. */
  readonly sources?: readonly string[];
  /** Packages of others that are measured. */
  readonly packages: readonly string[];
}

/** On what something is measured. */
export interface BenchSetting extends Setting {
  readonly cores: Cores;
  /** Load average of the machine before the run, over a minute. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** Looks at the machine, and puts this process on its core. In a quick run nobody is bound to one. */
export async function takeBench(
  quick: boolean,
  { parts = ['redis', 'client'], self, sources = ['libs', 'tools/bench'], packages }: BenchSpec,
): Promise<BenchSetting> {
  const [load = 0] = loadavg();
  const cores = quick ? {} : coresOf(parts);
  const own = self ?? parts.at(-1);
  const core = own && cores[own];
  if (core !== undefined) pin(process.pid, core);
  const server = await withRedis(undefined, async (redis) => redis.version());
  return { ...describeSetting(server, sources), cores, load, versions: packageVersions(...packages) };
}

/** How and on what it was measured: a sentence without its end. */
export function describeBench(
  { machine, commit, cores, load, versions }: BenchSetting,
  command: string,
): string {
  const packages = Object.entries(versions).map(([name, version]) => `, ${name} ${version}`);
  return `Measured by \`${command}\` at ${commit}, on ${machine}${packages.join('')}; ${describeCores(cores)}; the load average
    before was ${threeDigits(load)}`;
}
