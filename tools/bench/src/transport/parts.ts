import { setTimeout as delay } from 'node:timers/promises';

import type { RedisClient } from 'redis-fanout';

import { Child, programFile } from '../shared/child.js';
import type { Cores } from '../shared/cores.js';
import type { MeasuredRedis } from '../shared/measured-redis.js';
import type { ConsumerCalls, Handled, Opening, ProducerCalls, Span } from './calls.js';
import type { Contestant } from './contestant.js';
import type { EventCosts } from './figures.js';
import { MISSING_AFTER_MS } from './plan.js';

const POLL_MS = 1;

/** The processes of a turn, with their Redis. */
export class Parts {
  private readonly client: RedisClient;
  private sent = 0;

  private constructor(
    private readonly contestant: Contestant,
    readonly redis: MeasuredRedis,
    private readonly consumer: Child<ConsumerCalls>,
    private readonly producer: Child<ProducerCalls>,
  ) {
    this.client = redis.connect();
  }

  /** Starts them. The producer is open, the consumer not yet. */
  static async start(contestant: Contestant, redis: MeasuredRedis, cores: Cores): Promise<Parts> {
    const consumer = Child.start<ConsumerCalls>(
      { script: programFile('transport/programs/consumer') },
      cores.consumer,
    );
    const producer = Child.start<ProducerCalls>(
      { script: programFile('transport/programs/producer') },
      cores.producer,
    );
    const parts = new Parts(contestant, redis, consumer, producer);
    try {
      await producer.call('open', parts.opening);
      return parts;
    } catch (error) {
      await parts.stop();
      throw error;
    }
  }

  async prepareConsumer(): Promise<void> {
    await this.consumer.call('prepare', this.opening);
  }

  async startConsumer(): Promise<void> {
    await this.consumer.call('start');
  }

  async closeConsumer(): Promise<void> {
    await this.consumer.call('close');
  }

  async send(count: number, how: 'in batches' | 'one by one'): Promise<Span> {
    this.sent += count;
    return this.producer.call('send', { count, how });
  }

  async sendSteadily(count: number, rate: number): Promise<void> {
    this.sent += count;
    await this.producer.call('sendSteadily', { count, rate });
  }

  /** Resolves when everything that was sent is handled, and Redis knows. */
  async handled(): Promise<Handled> {
    const handled = await this.consumer.call('handled', this.sent);
    await this.settled();
    return handled;
  }

  /** @throws Error unless everything that was sent was handled once, and in order where that is promised */
  async check(): Promise<void> {
    await this.consumer.call('check', { count: this.sent, order: this.contestant.order });
  }

  /** What each of so many events takes of everybody while something is done with them, and what that answers. */
  async costs<T>(
    events: number,
    work: () => Promise<T>,
  ): Promise<{ readonly value: T; readonly costs: EventCosts }> {
    const before = await this.cpuUs();
    const { value, cpuUs, wireBytes } = await this.redis.cost(work);
    const after = await this.cpuUs();
    const costs = {
      producerCpuUs: (after.producer - before.producer) / events,
      consumerCpuUs: (after.consumer - before.consumer) / events,
      redisCpuUs: cpuUs / events,
      wireBytes: wireBytes / events,
    };
    return { value, costs };
  }

  async stop(): Promise<void> {
    this.client.disconnect();
    await Promise.all([this.consumer.stop(), this.producer.stop()]);
  }

  private async settled(): Promise<void> {
    const { waiting } = this.contestant;
    const deadline = Date.now() + MISSING_AFTER_MS;
    while (waiting !== undefined && (await waiting(this.client)) > 0) {
      if (Date.now() > deadline) throw new Error('Redis does not know that all events were handled');
      await delay(POLL_MS);
    }
  }

  private get opening(): Opening {
    return { transport: this.contestant.transport, redisUrl: this.redis.url };
  }

  private async cpuUs(): Promise<{ readonly producer: number; readonly consumer: number }> {
    const [producer, consumer] = await Promise.all([
      this.producer.call('cpuUs'),
      this.consumer.call('cpuUs'),
    ]);
    return { producer, consumer };
  }
}
