import type { Fanout, RedisClient } from 'redis-fanout';

import { Child, programFile } from '../shared/child.js';
import type { Cores } from '../shared/cores.js';
import type { MeasuredRedis } from '../shared/measured-redis.js';
import { type RunningServer, startServer } from '../shared/server.js';
import { quantile } from '../shared/statistics.js';
import { checkAnswers, sendTo, takeSample } from './answers.js';
import type { LoadCalls, ServerCalls } from './calls.js';
import { type Commands, describeCommands } from './commands.js';
import type { Contest, Contestant } from './contest.js';
import type { TurnFigures } from './figures.js';
import { CONNECTIONS, OPEN_CONNECTIONS, type Plan, SEED } from './plan.js';

const PROBE = programFile('http/programs/probe');

/** What all turns share. */
export interface Stage {
  readonly plan: Plan;
  readonly cores: Cores;
  readonly redis: MeasuredRedis;
  /** A connection beside those of the contestants, and the library on it: they say what is right. */
  readonly client: RedisClient;
  readonly fanout: Fanout;
}

/** What takes part in a turn. */
interface Parts {
  readonly server: RunningServer<ServerCalls>;
  readonly load: Child<LoadCalls>;
}

/** What a closed loop has measured. */
type ClosedFigures = Pick<TurnFigures, 'perCpuSecond' | 'perSecond' | 'serverCpuUs' | 'redisCpuUs'>;

/** How a contest is measured, apart from the closed loop. */
export interface Terms {
  /** What runs in Redis for a request of each contestant. */
  readonly commands: Commands;
  /** Requests per second of the open loop. */
  readonly rate: number;
}

/** Measures a contestant once, in new processes. @throws Error where it answers wrongly, or asks something else of Redis */
export async function takeTurn(
  contestant: Contestant,
  contest: Contest,
  stage: Stage,
  { commands, rate }: Terms,
): Promise<TurnFigures> {
  return withParts(contestant, contest, stage, async (parts) => {
    const sample = await takeSample(contest, stage.client, sendTo(parts.server.port));
    await checkAnswers(sample, contest, stage.fanout);
    checkCommands(sample.commands, commands);
    const closed = await closedLoop(parts, contest, stage);
    const { openSeconds: seconds } = stage.plan;
    const latenciesMs = await parts.load.call('open', {
      rate,
      seconds,
      connections: OPEN_CONNECTIONS,
      seed: SEED,
    });
    return {
      ...closed,
      p50Ms: quantile(latenciesMs, 0.5),
      p99Ms: quantile(latenciesMs, 0.99),
      maxMs: quantile(latenciesMs, 1),
    };
  });
}

/** How many requests for each second of processor time the server of a contestant can answer, roughly. */
export async function estimate(contestant: Contestant, contest: Contest, stage: Stage): Promise<number> {
  const measured = withParts(contestant, contest, stage, async (parts) => closedLoop(parts, contest, stage));
  return (await measured).perCpuSecond;
}

function checkCommands(commands: Commands, due: Commands): void {
  const [sent, right] = [describeCommands(commands), describeCommands(due)];
  if (sent !== right) throw new Error(`a request has Redis run ${sent}, and not ${right}`);
}

async function withParts<T>(
  { script }: Contestant,
  { requests, status }: Contest,
  { redis, cores }: Stage,
  work: (parts: Parts) => Promise<T>,
): Promise<T> {
  // What others, and earlier turns, have left in Redis is gone.
  await redis.reset();
  const server = await startServer<ServerCalls>(
    // Otherwise everything is as it is unless told.
    { script, probe: PROBE, redisUrl: redis.url, env: { NODE_ENV: 'production' } },
    cores.server,
  );
  const load = Child.start<LoadCalls>({ script: programFile('http/programs/load') }, cores.load);
  try {
    await load.call('aim', { port: server.port, requests, status });
    return await work({ server, load });
  } finally {
    await Promise.all([server.process.stop(), load.stop()]);
  }
}

async function closedLoop(
  { server, load }: Parts,
  { amounts: { warmUp, measured } }: Contest,
  { redis }: Stage,
): Promise<ClosedFigures> {
  await load.call('closed', { amount: warmUp, connections: CONNECTIONS });
  const cpuBeforeUs = await server.process.call('cpuUs');
  const cost = await redis.cost(async () =>
    load.call('closed', { amount: measured, connections: CONNECTIONS }),
  );
  const serverCpuUs = ((await server.process.call('cpuUs')) - cpuBeforeUs) / measured;
  return {
    perCpuSecond: 1e6 / serverCpuUs,
    perSecond: measured / cost.seconds,
    serverCpuUs,
    redisCpuUs: cost.cpuUs / measured,
  };
}
