import { nowMs } from '../shared/clock.js';
import type { Cores } from '../shared/cores.js';
import type { MeasuredRedis } from '../shared/measured-redis.js';
import { quantile } from '../shared/statistics.js';
import type { Span } from './calls.js';
import type { Contestant } from './contestant.js';
import type { BacklogFigures, PaceFigures, SteadyFigures, TurnFigures } from './figures.js';
import { Parts } from './parts.js';
import type { Plan } from './plan.js';

/** What all turns share. */
export interface Stage {
  readonly plan: Plan;
  readonly redis: MeasuredRedis;
  readonly cores: Cores;
}

/** Measures a contestant once, in new processes. @throws Error where an event was not handled as it was to be */
export async function takeTurn(contestant: Contestant, { plan, redis, cores }: Stage): Promise<TurnFigures> {
  // What others, and earlier turns, have left in Redis is gone.
  await redis.reset();
  const parts = await Parts.start(contestant, redis, cores);
  try {
    await parts.prepareConsumer();
    await parts.startConsumer();
    await warmUp(parts, plan);
    const steady = await measureSteady(parts, plan);
    const flow = await measureFlow(parts, plan);
    const backlog = contestant.waiting === undefined ? undefined : await measureBacklog(parts, plan);
    // Whatever comes twice has come before this.
    await parts.send(1, 'one by one');
    await parts.handled();
    await parts.check();
    return { steady, flow, ...(backlog && { backlog }) };
  } finally {
    await parts.stop();
  }
}

/** In each of the ways that are measured. What is done for each batch gets warm by events that come one at a time. */
async function warmUp(parts: Parts, { warmUp: count, rate }: Plan): Promise<void> {
  await parts.send(count, 'in batches');
  await parts.send(count, 'one by one');
  await parts.handled();
  await parts.sendSteadily(count, rate);
  await parts.handled();
}

async function measureSteady(parts: Parts, { steady: count, rate }: Plan): Promise<SteadyFigures> {
  const { value, costs } = await parts.costs(count, async () => {
    await parts.sendSteadily(count, rate);
    return parts.handled();
  });
  const latencyMs = (part: number): number => quantile(value.latenciesMs, part);
  return { medianMs: latencyMs(0.5), p99Ms: latencyMs(0.99), maxMs: latencyMs(1), ...costs };
}

async function measureFlow(parts: Parts, { flow: count }: Plan): Promise<PaceFigures> {
  const { value, costs } = await parts.costs(count, async () => {
    const { fromMs } = await parts.send(count, 'one by one');
    const { atMs: toMs } = await parts.handled();
    return { fromMs, toMs };
  });
  return { perSecond: perSecond(count, value), ...costs };
}

async function measureBacklog(parts: Parts, { backlog: count }: Plan): Promise<BacklogFigures> {
  await parts.closeConsumer();
  const emptyBytes = await parts.redis.keyBytes();
  const producing = await parts.costs(count, async () => parts.send(count, 'in batches'));
  const waitingBytes = ((await parts.redis.keyBytes()) - emptyBytes) / count;
  await parts.prepareConsumer();
  const consuming = await parts.costs(count, async () => {
    const fromMs = nowMs();
    await parts.startConsumer();
    const { atMs: toMs } = await parts.handled();
    return { fromMs, toMs };
  });
  return {
    producing: { perSecond: perSecond(count, producing.value), ...producing.costs },
    consuming: { perSecond: perSecond(count, consuming.value), ...consuming.costs },
    waitingBytes,
  };
}

function perSecond(count: number, { fromMs, toMs }: Span): number {
  return (count * 1000) / (toMs - fromMs);
}
