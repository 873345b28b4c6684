import { Inject, Injectable, ServiceUnavailableException } from '@nestjs/common';
import {
  HealthCheckService,
  type HealthCheckResult,
  type HealthIndicatorFunction,
  type HealthIndicatorResult,
  HealthIndicatorService,
} from '@nestjs/terminus';

import { Lifecycle } from '../boot/lifecycle.js';
import { LOGGER, type ServiceLogger } from '../logging/logger.js';

/** Resolves where the service can do its work, rejects with the reason where it cannot. */
export type ReadinessCheck = (options: { signal: AbortSignal }) => unknown;

/** How long a check may take before it counts as failed. */
const CHECK_TIMEOUT_MS = 2_000;

/** What readiness is made of. Injectable everywhere: each part of an app adds its own check when it is made. */
@Injectable()
export class Readiness {
  readonly #checks = new Map<string, ReadinessCheck>();
  readonly #health: HealthCheckService;
  readonly #indicators: HealthIndicatorService;
  readonly #lifecycle: Lifecycle;
  readonly #logger: ServiceLogger;
  #last = 'ok';

  constructor(
    health: HealthCheckService,
    indicators: HealthIndicatorService,
    lifecycle: Lifecycle,
    @Inject(LOGGER) logger: ServiceLogger,
  ) {
    this.#health = health;
    this.#indicators = indicators;
    this.#lifecycle = lifecycle;
    this.#logger = logger;
  }

  /** Adds a check; its name is what the answer and the log call it. */
  add(name: string, check: ReadinessCheck): void {
    this.#checks.set(name, check);
  }

  /** Runs every check. The result is terminus's; `error` names what is down and why. */
  async check(): Promise<HealthCheckResult> {
    const result = await this.#run();
    const summary = result.status === 'ok' ? 'ok' : JSON.stringify(result.error);
    if (summary !== this.#last) {
      this.#last = summary;
      this.#logger[result.status === 'ok' ? 'info' : 'warn'](
        { ready: result.status === 'ok', error: result.error },
        'readiness changed',
      );
    }
    return result;
  }

  async #run(): Promise<HealthCheckResult> {
    const indicators: HealthIndicatorFunction[] = [() => this.#drainIndicator()];
    for (const [name, check] of this.#checks) {
      indicators.push(() => this.#indicators.check(name).attempt(named(check)).withTimeout(CHECK_TIMEOUT_MS));
    }
    try {
      return await this.#health.check(indicators);
    } catch (error) {
      if (error instanceof ServiceUnavailableException) {
        return error.getResponse() as HealthCheckResult;
      }
      throw error;
    }
  }

  #drainIndicator(): HealthIndicatorResult {
    const indicator = this.#indicators.check('service');
    return this.#lifecycle.draining ? indicator.down('draining') : indicator.up();
  }
}

/** An AggregateError, which a refused connection to `localhost` is, has no message of its own. */
function named(check: ReadinessCheck): (options: { signal: AbortSignal }) => Promise<void> {
  return async (options) => {
    try {
      await check(options);
    } catch (cause) {
      throw new Error(reasonOf(cause), { cause });
    }
  };
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) {
    return String(cause);
  }
  const code = 'code' in cause ? String(cause.code) : cause.name;
  return cause.message === '' ? code : cause.message;
}
