import {
  collectDefaultMetrics,
  Counter,
  type CounterConfiguration,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  Registry,
} from 'prom-client';

import { type ServiceLogger } from '../logging/logger.js';

/** How long a gauge may take to say its value when it is asked for. */
const COLLECT_TIMEOUT_MS = 2_000;

/** A gauge that is read when somebody looks. */
export interface CollectedGauge<L extends string> {
  name: string;
  help: string;
  labelNames?: readonly L[];
  /** Sets the gauge. A failure leaves the last value and is logged; it fails nothing else. */
  collect?: (gauge: Gauge<L>) => void | Promise<void>;
}

/** The service's metrics, on a registry of its own. Injectable everywhere. */
export class Metrics {
  readonly registry = new Registry();
  readonly #logger: ServiceLogger;

  constructor(service: string, logger: ServiceLogger) {
    this.#logger = logger;
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
  }

  counter<L extends string>(options: Omit<CounterConfiguration<L>, 'registers'>): Counter<L> {
    return new Counter({ ...options, registers: [this.registry] });
  }

  histogram<L extends string>(options: Omit<HistogramConfiguration<L>, 'registers'>): Histogram<L> {
    return new Histogram({ ...options, registers: [this.registry] });
  }

  /** A gauge; `collect` is for values that cost something to know, such as a lag. */
  gauge<L extends string>({ collect, ...options }: CollectedGauge<L>): Gauge<L> {
    const configuration: GaugeConfiguration<L> = { ...options, registers: [this.registry] };
    if (collect !== undefined) {
      configuration.collect = async (): Promise<void> => {
        await this.#collect(options.name, () => collect(gauge));
      };
    }
    const gauge = new Gauge(configuration);
    return gauge;
  }

  async #collect(name: string, collect: () => void | Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`not collected within ${COLLECT_TIMEOUT_MS} ms`));
      }, COLLECT_TIMEOUT_MS);
    });
    try {
      await Promise.race([Promise.resolve().then(collect), timeout]);
    } catch (err) {
      this.#logger.warn({ err, metric: name }, 'a metric could not be collected');
    } finally {
      clearTimeout(timer);
    }
  }
}
