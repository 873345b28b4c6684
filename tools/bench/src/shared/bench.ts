import { loadavg } from 'node:os';

import { MeasuredRedis } from './measured-redis.js';
import { packageVersions } from './package-versions.js';
import { type Cores, pin, twoCores } from './pinning.js';
import { describeSetting, type Setting } from './setting.js';
import { threeDigits } from './statistics.js';

/** On what a suite with one Redis, and processes on one other core, is measured. */
export interface BenchSetting extends Setting {
  readonly cores: Cores | undefined;
  /** Load average of the machine before the run, over a minute. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

export interface Bench {
  readonly redis: MeasuredRedis;
  readonly setting: BenchSetting;
}

/** The cores to measure on, none in a quick run; and how busy the machine is before. This process is put on the client's. */
export function takeCores(quick: boolean): Pick<BenchSetting, 'cores' | 'load'> {
  const [load = 0] = loadavg();
  const cores = quick ? undefined : twoCores();
  if (cores !== undefined) pin(process.pid, cores.client);
  return { cores, load };
}

/** @param packages of others that are measured */
export function benchSetting(
  server: string,
  taken: Pick<BenchSetting, 'cores' | 'load'>,
  packages: readonly string[],
): BenchSetting {
  const described = describeSetting(server, ['libs', 'tools/bench']);
  return { ...described, ...taken, versions: packageVersions(...packages) };
}

/** Measures on a private Redis, which is stopped then. Unless it is a quick run, it has a core to itself. */
export async function onBench<T>(
  quick: boolean,
  packages: readonly string[],
  measure: (bench: Bench) => Promise<T>,
): Promise<T> {
  const taken = takeCores(quick);
  const redis = await MeasuredRedis.start(taken.cores?.server);
  try {
    return await measure({ redis, setting: benchSetting(await redis.version(), taken, packages) });
  } finally {
    await redis.stop();
  }
}

/** On what it was measured, as a part of a sentence. */
export function describeBench(
  { machine, commit, cores, load, versions }: BenchSetting,
  command: string,
): string {
  const packages = Object.entries(versions).map(([name, version]) => `, ${name} ${version}`);
  const where =
    cores === undefined
      ? 'no process was bound to a core'
      : `Redis had core ${cores.server} to itself, what is measured core ${cores.client}`;
  return `Measured by \`${command}\` at ${commit}, on ${machine}${packages.join('')}; ${where}; the load average before
    was ${threeDigits(load)}`;
}
