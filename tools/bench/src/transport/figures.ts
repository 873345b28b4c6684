/** What one event has taken. */
export interface EventCosts {
  /** Microseconds of processor time. */
  readonly producerCpuUs: number;
  readonly consumerCpuUs: number;
  readonly redisCpuUs: number;
  /** Between Redis and the others, both ways. */
  readonly wireBytes: number;
}

/** Events that went as fast as they could. */
export interface PaceFigures extends EventCosts {
  readonly perSecond: number;
}

/** Events that were produced in batches, and waited for a consumer. */
export interface BacklogFigures {
  readonly producing: PaceFigures;
  /** From when the consumer began to connect. */
  readonly consuming: PaceFigures;
  /** Memory of Redis for an event that waits. */
  readonly waitingBytes: number;
}

/** Events that came at a fixed rate. */
export interface SteadyFigures extends EventCosts {
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** What one turn has measured of a contestant. */
export interface TurnFigures {
  /** Where events are kept while no consumer is there. */
  readonly backlog?: BacklogFigures;
  /** Produced one by one, and handled meanwhile. */
  readonly flow: PaceFigures;
  readonly steady: SteadyFigures;
}

/** @throws Error where nothing is kept */
export function backlogOf({ backlog }: TurnFigures): BacklogFigures {
  if (backlog === undefined) throw new Error('nothing is kept while no consumer is there');
  return backlog;
}
