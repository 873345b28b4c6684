import { constants } from 'node:os';

import { createLogger, type LogDestination, type ServiceLogger } from '../logging/logger.js';
import { type ServiceSettings } from '../settings/service-settings.js';
import { type Environment, SettingsError } from '../settings/settings.js';
import { createService, type Service, type ServiceDefinition } from './create-service.js';

/** What a service needs of its process. Tests hand in one of their own. */
export interface ProcessHost {
  readonly env: Environment;
  on(event: 'SIGTERM' | 'SIGINT', listener: (signal: NodeJS.Signals) => void): unknown;
  on(event: 'uncaughtException' | 'unhandledRejection', listener: (error: unknown) => void): unknown;
  exit(code: number): void;
}

/** What {@link runService} needs. */
export interface RunOptions<S extends ServiceSettings> extends ServiceDefinition<S> {
  /** Reads the environment: an app's src/config.ts. */
  settings: (env: Environment) => S;
  logDestination?: LogDestination;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Runs a service as this process: the whole of an app's main.ts. SIGTERM and SIGINT stop it in order and exit with 0
 * (1 where something had to be cut), a second signal exits at once. A failure to start, or an error that nobody
 * caught, is one line in the log and exit code 1.
 */
export async function runService<S extends ServiceSettings>(
  options: RunOptions<S>,
  host: ProcessHost = process,
): Promise<void> {
  const { name, logDestination } = options;
  const logs = { name, ...(logDestination && { destination: logDestination }) };
  const running: { service?: Service; logger: ServiceLogger } = { logger: createLogger(logs) };
  onFaults(host, running);
  onSignals(host, running);
  try {
    const settings = options.settings(host.env);
    running.logger = createLogger({ ...logs, level: settings.logLevel });
    running.service = await createService({ ...options, settings, logger: running.logger });
  } catch (error) {
    running.logger.fatal(describe(error), `cannot start: ${messageOf(error)}`);
    host.exit(1);
  }
}

function onFaults(host: ProcessHost, running: { logger: ServiceLogger }): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    host.on(event, (err) => {
      running.logger.fatal({ err }, event);
      host.exit(1);
    });
  }
}

function onSignals(host: ProcessHost, running: { service?: Service; logger: ServiceLogger }): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping || running.service === undefined) {
      running.logger.warn({ signal }, 'exiting at once');
      host.exit(128 + constants.signals[signal]);
      return;
    }
    stopping = true;
    void running.service.stop(signal).then((code) => {
      running.logger.info({ code }, 'stopped');
      host.exit(code);
    });
  };
  for (const signal of SIGNALS) {
    host.on(signal, onSignal);
  }
}

/** A bad setting speaks for itself; a stack would bury it. */
function describe(error: unknown): object {
  return error instanceof SettingsError ? { problems: error.problems } : { err: error };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
