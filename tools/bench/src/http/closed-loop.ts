import autocannon from 'autocannon';

import type { ClosedLoad, LoadTarget } from './calls.js';
import { withHeaders } from './http-request.js';

const TIMEOUT_SECONDS = 10;
/** How often autocannon looks whether it is done. */
const SAMPLE_MS = 20;

/** Sends requests by autocannon. @throws Error unless every one of them is answered as it should be */
export async function closedLoop(
  { port, requests, status }: LoadTarget,
  { amount, connections }: ClosedLoad,
): Promise<void> {
  let next = 0;
  const { statusCodeStats, errors, timeouts } = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    amount,
    timeout: TIMEOUT_SECONDS,
    sampleInt: SAMPLE_MS,
    // Each connection has requests of its own: else all would ask for the same at the same time.
    setupClient: (client) => {
      const share = next++;
      client.setRequests(requests.filter((_, i) => i % connections === share).map(withHeaders));
    },
  });
  const answered = statusCodeStats?.[`${status}`]?.count ?? 0;
  if (answered !== amount) {
    const statuses = JSON.stringify(statusCodeStats);
    throw new Error(
      `of ${amount} requests ${answered} were answered with ${status}: ${statuses}, ${errors} errors, ${timeouts} timeouts`,
    );
  }
}
