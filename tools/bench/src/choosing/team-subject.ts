import { forEach } from '../shared/for-each.js';
import type { Cost, MeasuredRedis } from '../shared/measured-redis.js';
import { Receipts } from '../shared/receipts.js';
import type { Latency, TeamRoundFigures } from './figures.js';
import type { KeptPattern } from './kept-subject.js';
import type { Participant } from './participants.js';
import { payload, range } from './payload.js';
import { IN_FLIGHT, type Size } from './plan.js';
import { publishAll, Stopwatch } from './publishing.js';
import type { Subject } from './subject.js';

const TEAM = 'team';
const OPENING = 20;

/** Consumers, each with connections of its own, that share what one recipient gets. */
export class TeamSubject implements Subject<TeamRoundFigures> {
  readonly pattern: string;
  readonly writtenOnce = true;
  readonly audience: number;

  private constructor(
    private readonly redis: MeasuredRedis,
    private readonly kept: KeptPattern,
    private readonly size: Omit<Size, 'connections'>,
  ) {
    this.pattern = kept.pattern;
    this.audience = size.audience;
  }

  static async open(
    redis: MeasuredRedis,
    kept: KeptPattern,
    size: Omit<Size, 'connections'>,
  ): Promise<TeamSubject> {
    const client = redis.connect();
    const participant = await kept.open(client);
    await participant.subscribe(TEAM);
    await participant.close();
    client.disconnect();
    await redis.remember();
    return new TeamSubject(redis, kept, size);
  }

  async round(): Promise<TeamRoundFigures> {
    await this.redis.reset();
    const clients = range(0, this.audience).map(() => this.redis.connect());
    const opened: Participant[] = [];
    try {
      await forEach(clients, OPENING, async (client) => opened.push(await this.kept.open(client)));
      const [publisher, ...consumers] = opened;
      if (publisher === undefined) throw new Error('there is no publisher');
      return await this.measure(publisher, consumers);
    } finally {
      await Promise.all(opened.map(async (each) => each.close()));
      for (const client of clients) client.disconnect();
    }
  }

  private async measure(
    publisher: Participant,
    consumers: readonly Participant[],
  ): Promise<TeamRoundFigures> {
    const { burst, paced } = this.size;
    // The whole team is one recipient.
    const received = new Receipts(1);
    const acknowledged = new Receipts(1);
    const stopwatch = new Stopwatch();
    const handler = (n: number): void => {
      if (n > burst) stopwatch.lap();
      received.add(0, n);
    };
    const done = (n: number): void => {
      acknowledged.add(0, n);
    };
    await forEach(consumers, OPENING, async (consumer) => consumer.listen(TEAM, handler, done));
    const atOnce = await this.redis.cost(async () => {
      await publishAll(publisher.publish, range(1, burst), IN_FLIGHT);
      await acknowledged.until(burst);
    });
    const oneByOne = await this.redis.cost(async () => {
      for (const n of range(burst + 1, burst + paced)) {
        stopwatch.start();
        await publisher.publish(payload(n));
        await acknowledged.until(n);
      }
    });
    received.check(range(1, burst + paced), 'in any order');
    acknowledged.check(range(1, burst + paced), 'in any order');
    return figures(this.size, atOnce, oneByOne, stopwatch.latency);
  }
}

function figures(
  { burst, paced }: Pick<Size, 'burst' | 'paced'>,
  atOnce: Cost,
  oneByOne: Cost,
  latency: Latency,
): TeamRoundFigures {
  return {
    burstCpuUs: atOnce.cpuUs / burst,
    messagesPerSecond: burst / atOnce.seconds,
    pacedCpuUs: oneByOne.cpuUs / paced,
    latency,
  };
}
