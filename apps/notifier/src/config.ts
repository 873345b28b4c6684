import { randomUUID } from 'node:crypto';

import { type Environment, fanoutServiceSettings, int, readSettings, type SettingsOf } from 'service-host';

const settings = {
  ...fanoutServiceSettings({ port: 3003 }),
  maxConnections: int('MAX_CONNECTIONS', { default: 10_000, min: 1, max: 1_000_000 }),
};

export type Config = SettingsOf<typeof settings> & {
  /** The name of this instance: a new one at each start, as no connection outlives the process. */
  readonly notifier: string;
};

/** Reads the environment, once. */
export function readConfig(env: Environment): Config {
  return { ...readSettings(env, settings), notifier: randomUUID() };
}
