import { Logger } from '@nestjs/common';

import { ClosedError, Fanout, type RedisClient } from '../index.js';
import { checkWhole } from '../strategies/checks.js';
import type { RedisFanoutModuleOptions } from './module-options.js';
import { redisOf } from './redis-of-module.js';
import type { ClosableStrategy, StrategySetup } from './strategy-provider.js';
import { openWhenRedisServes } from './waiting-for-redis.js';

const logger = new Logger('RedisFanoutModule');

/** All that a module has opened, to be closed in order. */
export class FanoutConnection {
  private readonly strategies = new Set<ClosableStrategy>();
  private readonly ended = new AbortController();
  private started = false;
  private closed: Promise<void> | undefined;

  private constructor(
    readonly fanout: Fanout,
    private readonly setup: StrategySetup,
    private readonly startTimeoutMs: number,
    private readonly disconnect: () => void,
  ) {}

  /** Connects where it has to, and waits for Redis. Where it rejects, nothing stays open. */
  static async open(options: RedisFanoutModuleOptions): Promise<FanoutConnection> {
    const { prefix, partitions, startTimeoutMs = 30_000 } = options;
    const timeoutMs = checkWhole('startTimeoutMs', startTimeoutMs, 1000, 3_600_000);
    const { client, disconnect } = redisOf(options);
    try {
      const open = async (): Promise<Fanout> => Fanout.open({ ...options, client });
      const fanout = await openWhenRedisServes(open, { client, timeoutMs });
      const setup = {
        client,
        ...(prefix !== undefined && { prefix }),
        ...(partitions !== undefined && { partitions }),
      };
      return new FanoutConnection(fanout, setup, timeoutMs, disconnect);
    } catch (error) {
      disconnect();
      throw error;
    }
  }

  get client(): RedisClient {
    return this.setup.client;
  }

  /** The application has come about: from now on its shutdown closes, and nothing else. */
  start(): void {
    this.started = true;
  }

  /** Opens a strategy, to be closed before the connection. Where a start fails by it, everything is closed at once. */
  async openStrategy(
    open: (setup: StrategySetup) => ClosableStrategy | Promise<ClosableStrategy>,
  ): Promise<ClosableStrategy> {
    try {
      const strategy = await openWhenRedisServes(async () => open(this.setup), {
        client: this.client,
        timeoutMs: this.startTimeoutMs,
        signal: this.ended.signal,
        discard: closeLate,
      });
      return this.keep(strategy);
    } catch (error) {
      // NestJS calls no hook of an application that does not come about.
      if (!this.started) await this.close().catch(warn);
      throw error;
    }
  }

  /** Closes the strategies, which waits for their handlers, and then the connection where it is the module's own. */
  async close(): Promise<void> {
    return (this.closed ??= this.closeAll());
  }

  private keep(strategy: ClosableStrategy): ClosableStrategy {
    if (this.closed !== undefined) {
      closeLate(strategy);
      throw new ClosedError();
    }
    this.strategies.add(strategy);
    return strategy;
  }

  private async closeAll(): Promise<void> {
    this.ended.abort(new ClosedError());
    const closings = await Promise.allSettled([...this.strategies].map(async (strategy) => strategy.close()));
    this.disconnect();
    const errors = closings.flatMap((closing) =>
      closing.status === 'rejected' ? [closing.reason as unknown] : [],
    );
    if (errors.length > 0) throw new AggregateError(errors, 'strategies did not close');
  }
}

function closeLate(strategy: ClosableStrategy): void {
  strategy.close().catch(warn);
}

function warn(error: unknown): void {
  logger.warn(error instanceof Error ? error.message : String(error));
}
