import { resolve } from 'node:path';

/** A setting that cannot be used; its message names the setting and what is allowed. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/** What `npm start` goes by. */
export interface StartSettings {
  /** The Redis to use; undefined starts one. */
  readonly redisUrl: string | undefined;
  /** Where that Redis keeps its data: an absolute path. */
  readonly dataDir: string;
  /** The first of the four ports. */
  readonly portBase: number;
  /** The address that the services bind. */
  readonly host: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The services of the system in the order of their ports. */
export const SERVICES = ['post-service', 'timeline-service', 'notifier', 'fanout-worker'] as const;
export type ServiceName = (typeof SERVICES)[number];

/**
 * The order of stopping: first nothing new is taken, then what was taken is delivered, then the live connections close,
 * and what has been delivered can be read until the end.
 */
export const STOP_ORDER: readonly ServiceName[] = [
  'post-service',
  'fanout-worker',
  'notifier',
  'timeline-service',
];

/**
 * Reads and checks the environment; empty variables count as absent.
 *
 * @param root where a relative `DATA_DIR` starts
 * @throws SettingError
 */
export function readSettings(env: Environment, root: string): StartSettings {
  const port = valueOf(env.PORT_BASE) ?? '3001';
  const portBase = Number(port);
  const last = 65_536 - SERVICES.length;
  if (!/^\d+$/.test(port) || portBase < 1 || portBase > last) {
    throw new SettingError(`PORT_BASE takes a port from 1 to ${last}, not "${port}"`);
  }
  return {
    redisUrl: valueOf(env.REDIS_URL),
    dataDir: resolve(root, valueOf(env.DATA_DIR) ?? '.data'),
    portBase,
    host: valueOf(env.HOST) ?? '127.0.0.1',
  };
}

function valueOf(variable: string | undefined): string | undefined {
  return variable === '' ? undefined : variable;
}

/** The port of a service. */
export function portOf(service: ServiceName, settings: StartSettings): number {
  return settings.portBase + SERVICES.indexOf(service);
}

/** Where a service is reached from this machine. */
export function addressOf(service: ServiceName, settings: StartSettings): string {
  const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };
  const bound = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return `http://${everywhere[settings.host] ?? bound}:${portOf(service, settings)}`;
}
