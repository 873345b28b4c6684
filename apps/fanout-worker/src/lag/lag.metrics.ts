import { Injectable } from '@nestjs/common';
import { StreamMonitor } from 'redis-streams-transport';
import { Metrics } from 'service-host';

/** Shows the lag of each partition among the metrics. */
@Injectable()
export class LagMetrics {
  constructor(metrics: Metrics, monitor: StreamMonitor) {
    metrics.gauge({
      name: 'fanout_backlog_events',
      help: 'Events of a partition that wait for the fan-out (waiting) or are with a worker (pending)',
      labelNames: ['partition', 'state'],
      collect: async (gauge) => {
        (await monitor.backlog()).forEach(({ waiting, pending }, partition) => {
          gauge.set({ partition, state: 'waiting' }, waiting);
          gauge.set({ partition, state: 'pending' }, pending);
        });
      },
    });
    metrics.gauge({
      name: 'fanout_oldest_event_seconds',
      help: 'Age of the oldest event of a partition that is not delivered',
      labelNames: ['partition'],
      collect: async (gauge) => {
        (await monitor.backlog()).forEach(({ oldestMs }, partition) => {
          gauge.set({ partition }, oldestMs / 1000);
        });
      },
    });
  }
}
