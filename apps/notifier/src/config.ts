import { type Environment, fanoutServiceSettings, int, readSettings, type SettingsOf } from 'service-host';

import { origins } from './cors/origins-setting.js';

const settings = {
  ...fanoutServiceSettings({ port: 3003 }),
  maxConnections: int('MAX_CONNECTIONS', { default: 10_000, min: 1, max: 1_000_000 }),
  maxConnectionsPerUser: int('MAX_CONNECTIONS_PER_USER', { default: 100, min: 1, max: 1_000_000 }),
  corsOrigins: origins('CORS_ORIGIN'),
};

export type Config = SettingsOf<typeof settings>;

/** Reads the environment, once. */
export function readConfig(env: Environment): Config {
  return readSettings(env, settings);
}
