import { type Environment, fanoutServiceSettings, readSettings, type SettingsOf } from 'service-host';

const settings = fanoutServiceSettings({ port: 3002 });

export type Config = SettingsOf<typeof settings>;

/** Reads the environment, once. */
export function readConfig(env: Environment): Config {
  return readSettings(env, settings);
}
