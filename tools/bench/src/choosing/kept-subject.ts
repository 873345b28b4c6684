import { forEach } from '../shared/for-each.js';
import type { MeasuredRedis } from '../shared/measured-redis.js';
import { checkNumbers, Receipts } from '../shared/receipts.js';
import type { Latency, RoundFigures } from './figures.js';
import type { Open, Participant } from './participants.js';
import { payload, range } from './payload.js';
import { COLLECTORS, IN_FLIGHT, LEAST_WRITTEN_ONCE, LISTENERS, type Size, WAITING } from './plan.js';
import { publishAll, Stopwatch } from './publishing.js';
import { audienceOf, someOf, type Subject } from './subject.js';

/** Recipients that subscribe, or collect, at once. */
const SUBSCRIBING = 200;
const COLLECTING = 10;

export interface KeptPattern {
  readonly pattern: string;
  readonly writtenOnce: boolean;
  readonly open: Open;
}

/** A pattern that keeps messages: everyone is absent while it publishes, some then collect, and a few listen at last. */
export class KeptSubject implements Subject<RoundFigures> {
  readonly pattern: string;
  readonly writtenOnce: boolean;
  readonly audience: number;
  private readonly burst: number;
  private readonly recipients: readonly string[];

  private constructor(
    private readonly redis: MeasuredRedis,
    private readonly kept: KeptPattern,
    private readonly size: Size,
    private readonly bytesSubscribed: number,
  ) {
    this.pattern = kept.pattern;
    this.writtenOnce = kept.writtenOnce;
    this.audience = size.audience;
    this.burst = kept.writtenOnce ? Math.max(LEAST_WRITTEN_ONCE, size.burst) : size.burst;
    this.recipients = audienceOf(this.audience);
  }

  /** Subscribes the audience. @throws AudienceTooLargeError */
  static async open(redis: MeasuredRedis, kept: KeptPattern, size: Size): Promise<KeptSubject> {
    const client = redis.connect();
    const participant = await kept.open(client);
    try {
      const empty = await redis.keyBytes();
      await forEach(audienceOf(size.audience), SUBSCRIBING, async (recipient) =>
        participant.subscribe(recipient),
      );
      const bytesSubscribed = ((await redis.keyBytes()) - empty) / size.audience;
      await redis.remember();
      return new KeptSubject(redis, kept, size, bytesSubscribed);
    } finally {
      await participant.close();
      client.disconnect();
    }
  }

  async round(): Promise<RoundFigures> {
    await this.redis.reset();
    const client = this.redis.connect();
    const participant = await this.kept.open(client);
    try {
      return await this.measure(participant);
    } finally {
      await participant.close();
      client.disconnect();
    }
  }

  private async measure(participant: Participant): Promise<RoundFigures> {
    const { audience, burst } = this;
    const bytesPerMessage = await this.measureMemory(participant);
    const published = await this.redis.cost(async () => {
      const numbers = range(WAITING + 1, WAITING + burst);
      await participant.inPlace(await publishAll(participant.publish, numbers, IN_FLIGHT));
    });
    const collectors = someOf(this.recipients, COLLECTORS);
    let received = 0;
    const collected = await this.redis.cost(async () => {
      received = await this.collect(participant, collectors);
    });
    return {
      publishCpuUs: published.cpuUs / burst,
      messagesPerSecond: burst / published.seconds,
      receiveCpuUs: collected.cpuUs / received,
      receivedPerSecond: received / collected.seconds,
      latency: await this.listen(participant, someOf(collectors, Math.min(LISTENERS, audience))),
      memory: { subscribed: this.bytesSubscribed, perMessage: bytesPerMessage },
      absent: { had: received / collectors.length, published: WAITING + burst },
    };
  }

  /** The bytes that each message takes for each recipient. */
  private async measureMemory(participant: Participant): Promise<number> {
    const before = await this.redis.keyBytes();
    await participant.inPlace(await publishAll(participant.publish, range(1, WAITING), 1));
    return ((await this.redis.keyBytes()) - before) / this.audience / WAITING;
  }

  /** Answers how many messages they had, each of them all. */
  private async collect(participant: Participant, collectors: readonly string[]): Promise<number> {
    const numbers = range(1, WAITING + this.burst);
    let received = 0;
    await forEach(collectors, COLLECTING, async (recipient) => {
      const had = await participant.collect(recipient);
      checkNumbers(recipient, had, numbers, 'in any order');
      received += had.length;
    });
    return received;
  }

  private async listen(participant: Participant, listeners: readonly string[]): Promise<Latency> {
    const receipts = new Receipts(listeners.length);
    const stopwatch = new Stopwatch();
    await forEach(listeners, LISTENERS, async (recipient, i) =>
      participant.listen(recipient, (n) => {
        stopwatch.lap();
        receipts.add(i, n);
      }),
    );
    const first = WAITING + this.burst + 1;
    const numbers = range(first, first + this.size.paced - 1);
    for (const [i, n] of numbers.entries()) {
      stopwatch.start();
      await participant.publish(payload(n));
      await receipts.until((i + 1) * listeners.length);
    }
    receipts.check(numbers, 'in order');
    return stopwatch.latency;
  }
}
