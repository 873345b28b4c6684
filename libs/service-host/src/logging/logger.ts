import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

import { currentRequest } from './request-context.js';

/** The levels of `LOG_LEVEL`, from most to least. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** How much is logged. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where lines go besides stdout: tests read them. */
export type LogDestination = DestinationStream;

/** The logger that all of a service writes to. Inject it with `@Inject(LOGGER)`. */
export type ServiceLogger = Logger;

/** The injection token of the service's logger. */
export const LOGGER = Symbol('service-host:logger');

/** What {@link createLogger} needs. */
export interface LoggerOptions {
  /** The service's name, in every line. */
  name: string;
  level?: LogLevel;
  destination?: LogDestination;
}

/** A logger that writes one JSON object a line; see `followsRequests` for the id of the request that it belongs to. */
export function createLogger({ name, level = 'info', destination }: LoggerOptions): ServiceLogger {
  return pino(
    {
      level,
      base: { service: name, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => currentRequest() ?? {},
    },
    // Synchronous: the lines that matter most are those just before an exit.
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}
