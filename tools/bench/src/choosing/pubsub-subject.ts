import { openPubSub, type PubSubStrategy, type RedisClient } from 'redis-fanout';

import { forEach } from '../shared/for-each.js';
import type { MeasuredRedis } from '../shared/measured-redis.js';
import { Receipts } from '../shared/receipts.js';
import { whole } from '../shared/statistics.js';
import type { RoundFigures } from './figures.js';
import { payload, type Payload, range } from './payload.js';
import { IN_FLIGHT, LISTENERS, type Size } from './plan.js';
import { publishAll, Stopwatch } from './publishing.js';
import { audienceOf, someOf, type Subject } from './subject.js';

const SOURCE = 'source';
const ABSENT = 'absent';
/** Connections that are opened at once. */
const OPENING = 50;

/** Pub/Sub: everyone listens while it publishes, over as many connections as the size says, and one is absent. */
export class PubSubSubject implements Subject<RoundFigures> {
  readonly pattern: string;
  readonly writtenOnce = false;
  readonly audience: number;
  /** Of Redis before anybody listened. */
  private emptyBytes = 0;
  /** Number of the message that was published last. */
  private last = 0;
  private receipts = new Receipts(0);
  private readonly sampled: ReadonlySet<number>;
  private stopwatch: Stopwatch | undefined;

  private constructor(
    private readonly redis: MeasuredRedis,
    private readonly client: RedisClient,
    private readonly processes: readonly PubSubStrategy<Payload>[],
    private readonly size: Size,
  ) {
    this.pattern = `Pub/Sub, ${whole(size.connections)} connections`;
    this.audience = size.audience;
    this.sampled = new Set(someOf([...audienceOf(size.audience).keys()], LISTENERS));
  }

  /** Lets the audience listen. */
  static async open(redis: MeasuredRedis, size: Size): Promise<PubSubSubject> {
    const client = redis.connect();
    const processes = await Promise.all(
      range(1, size.connections).map(async () => openPubSub<Payload>({ client })),
    );
    const subject = new PubSubSubject(redis, client, processes, size);
    subject.emptyBytes = await redis.usedBytes();
    await forEach(audienceOf(size.audience), OPENING, async (recipient, i) => subject.begin(recipient, i));
    await subject.processOf(0).subscribe(ABSENT, SOURCE);
    return subject;
  }

  async round(): Promise<RoundFigures> {
    const { burst } = this.size;
    const subscribed = ((await this.redis.usedBytes()) - this.emptyBytes) / this.audience;
    this.receipts = new Receipts(this.audience);
    const numbers = range(this.last + 1, this.last + burst);
    this.last += burst;
    const published = await this.redis.cost(async () => {
      await publishAll(async (each) => this.publish(each), numbers, IN_FLIGHT);
      await this.receipts.until(burst * this.audience);
    });
    this.receipts.check(numbers, 'in any order');
    return {
      publishCpuUs: published.cpuUs / burst,
      messagesPerSecond: burst / published.seconds,
      receiveCpuUs: undefined,
      receivedPerSecond: undefined,
      ...(await this.pace()),
      memory: { subscribed, perMessage: 0 },
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map(async (process) => process.close()));
    this.client.disconnect();
  }

  /** Publishes one message after the other, now that nobody is absent any more. */
  private async pace(): Promise<Pick<RoundFigures, 'latency' | 'absent'>> {
    const all = this.audience + 1;
    this.receipts = new Receipts(all);
    const stopwatch = (this.stopwatch = new Stopwatch());
    const listening = await this.processOf(0).listen(ABSENT, (message) => {
      this.receipts.add(this.audience, message.payload.n);
    });
    const numbers = range(this.last + 1, this.last + this.size.paced);
    this.last += this.size.paced;
    for (const [i, n] of numbers.entries()) {
      stopwatch.start();
      await this.publish(payload(n));
      await this.receipts.until((i + 1) * all);
    }
    this.stopwatch = undefined;
    await listening.close();
    // Who was absent had this, and so nothing of what was published before.
    this.receipts.check(numbers, 'in order');
    return { latency: stopwatch.latency, absent: { had: 0, published: this.size.burst } };
  }

  private async begin(recipient: string, index: number): Promise<void> {
    const process = this.processOf(index);
    await process.subscribe(recipient, SOURCE);
    await process.listen(recipient, (message) => {
      if (this.sampled.has(index)) this.stopwatch?.lap();
      this.receipts.add(index, message.payload.n);
    });
  }

  private async publish(message: Payload): Promise<string> {
    const { id, receivers } = await this.processOf(0).publish(SOURCE, message);
    if (receivers !== this.size.connections) {
      throw new Error(`${receivers} connections have received a message, and not ${this.size.connections}`);
    }
    return id;
  }

  private processOf(index: number): PubSubStrategy<Payload> {
    const process = this.processes[index % this.processes.length];
    if (process === undefined) throw new Error('there is no connection');
    return process;
  }
}
