import { LOG_LEVELS, type LogLevel } from '../logging/logger.js';
import { int, oneOf, redisUrls, string } from './readers.js';
import { type Setting } from './settings.js';

/** The settings that every service has. */
export interface ServiceSettings {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  readonly logLevel: LogLevel;
}

/** `PORT`, `HOST`, `LOG_LEVEL` and `REDIS_URL`, to be spread into an app's declaration. `REDIS_URL` is required. */
export function serviceSettings({ port }: { port: number }): {
  port: Setting<number>;
  host: Setting<string>;
  logLevel: Setting<LogLevel>;
  redisUrls: Setting<readonly string[]>;
} {
  return {
    port: int('PORT', { default: port, max: 65_535 }),
    host: string('HOST', {
      default: '127.0.0.1',
      pattern: /^[A-Za-z0-9.:_-]+$/,
      allowed: 'must be an address',
    }),
    logLevel: oneOf('LOG_LEVEL', LOG_LEVELS, { default: 'info' }),
    redisUrls: redisUrls('REDIS_URL'),
  };
}

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
