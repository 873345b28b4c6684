import { type Histogram } from 'prom-client';

import { type Metrics } from './metrics.js';

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** A request that was answered. */
export interface ObservedRequest {
  method: string;
  /** The route's pattern, never the URL: each value of a label is kept for good. */
  route: string;
  status: number;
  durationMs: number;
}

/** `http_request_duration_seconds` by method, route and status. */
export class HttpMetrics {
  readonly #duration: Histogram<'method' | 'route' | 'status'>;

  constructor(metrics: Metrics) {
    this.#duration = metrics.histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the head of a request to the end of its answer',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: BUCKETS_SECONDS,
    });
  }

  observe({ method, route, status, durationMs }: ObservedRequest): void {
    const label = METHODS.has(method) ? method : 'other';
    this.#duration.observe({ method: label, route, status: String(status) }, durationMs / 1000);
  }
}
