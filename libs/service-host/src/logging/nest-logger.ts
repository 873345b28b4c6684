import { type LoggerService } from '@nestjs/common';

import { type ServiceLogger } from './logger.js';

/** Parts of NestJS that tell every module and route at start: of use when something is amiss, noise otherwise. */
const CHATTY = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'NestMicroservice',
  'RouterExplorer',
  'RoutesResolver',
  'WebSocketsController',
]);

/** Parts of NestJS that log an error and throw it as well: the start logs it once, when it gives up. */
const THROWS_TOO = new Set(['ExceptionHandler', 'NestApplication']);

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** NestJS's log lines, written by pino. */
export class NestLogger implements LoggerService {
  readonly #logger: ServiceLogger;

  constructor(logger: ServiceLogger) {
    this.#logger = logger;
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write('fatal', message, rest);
  }

  /** NestJS passes the context last; an error's stack, as text, comes before it. */
  #write(level: Level, message: unknown, rest: unknown[]): void {
    const last = rest.at(-1);
    const context = typeof last === 'string' && !last.includes('\n') ? last : undefined;
    const details = (context === undefined ? rest : rest.slice(0, -1)).filter((item) => item !== undefined);
    const fields = { ...(context !== undefined && { context }), ...(details.length > 0 && { details }) };
    const effective = quieter(level, context);
    if (message instanceof Error) {
      this.#logger[effective]({ ...fields, err: message }, message.message);
    } else if (typeof message === 'string') {
      this.#logger[effective](fields, message);
    } else {
      this.#logger[effective]({ ...fields, value: message });
    }
  }
}

function quieter(level: Level, context = ''): Level {
  const hide = (level === 'info' && CHATTY.has(context)) || (level === 'error' && THROWS_TOO.has(context));
  return hide ? 'debug' : level;
}
