import { Agent, request as httpRequest } from 'node:http';

import { arrivals } from '../shared/arrivals.js';
import { nowMs } from '../shared/clock.js';
import { pace, scheduleOf } from '../shared/pace.js';
import type { LoadTarget, OpenLoad } from './calls.js';
import { type HttpRequest, withHeaders } from './http-request.js';

const TIMEOUT_MS = 10_000;

/**
 * Sends requests when they are due, and answers how many milliseconds after that each was answered in full.
 *
 * @throws Error unless every one of them is answered as it should be
 */
export async function openLoop(
  { port, requests, status }: LoadTarget,
  { rate, seconds, connections, seed }: OpenLoad,
): Promise<readonly number[]> {
  const dueMs = arrivals(rate, seconds, seed);
  const schedule = scheduleOf(dueMs);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latenciesMs: number[] = [];
  try {
    await pace(schedule, (i, end, fail) => {
      send({ agent, port, status }, requests[i % requests.length]).then(() => {
        latenciesMs.push(nowMs() - schedule.startMs - (dueMs[i] ?? 0));
        if (latenciesMs.length === dueMs.length) end();
      }, fail);
    });
    return latenciesMs;
  } finally {
    agent.destroy();
  }
}

/** Resolves when the answer is there in full. @throws Error where it has another status */
async function send(
  { agent, port, status }: { readonly agent: Agent; readonly port: number; readonly status: number },
  request: HttpRequest | undefined,
): Promise<void> {
  if (request === undefined) throw new Error('there is nothing to be sent');
  const { method, path, body, headers } = withHeaders(request);
  await new Promise<void>((resolve, reject) => {
    const outgoing = httpRequest({
      agent,
      host: '127.0.0.1',
      port,
      method,
      path,
      headers,
      timeout: TIMEOUT_MS,
    });
    outgoing.on('response', (response) => {
      response.on('error', reject);
      response.on('end', resolve);
      response.resume();
      if (response.statusCode !== status) {
        reject(new Error(`${method} ${path} was answered with ${response.statusCode ?? ''}`));
      }
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path} was not answered in time`)));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
