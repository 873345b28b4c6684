import { hostname } from 'node:os';

import { type Environment, fanoutServiceSettings, readSettings, type SettingsOf } from 'service-host';

const settings = fanoutServiceSettings({ port: 3004 });

export type Config = SettingsOf<typeof settings> & {
  /** The name of this instance among the consumers: the same again after a restart, so that it goes on with its work. */
  readonly consumer: string;
};

/** Reads the environment, once. */
export function readConfig(env: Environment): Config {
  const read = readSettings(env, settings);
  return { ...read, consumer: `${hostname()}-${read.port}` };
}
