import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

import { onCleanUp } from './faults.js';

/** Stands between a client and its server, and can lose the answer to a request that the server has served. */
export interface LosingRelay {
  readonly url: string;
  /** Answers that were lost. */
  readonly lost: number;
  /**
   * From the nth request on that has a text in it, so many such are served, but the connection breaks instead of the
   * answer. The client has only one request under way at a time.
   */
  loseAnswers(text: string, nth: number, count: number): void;
}

/** Relays to a port of loopback, until the end of the test. */
export async function losingRelayTo(port: number): Promise<LosingRelay> {
  const plan = { text: '', skip: 0, count: 0, lost: 0 };
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    let loses = false;
    near.on('data', (chunk) => {
      if (plan.count > 0 && chunk.includes(plan.text)) loses = plan.skip-- <= 0;
      far.write(chunk);
    });
    far.on('data', (chunk) => {
      if (!loses) {
        near.write(chunk);
        return;
      }
      plan.count--;
      plan.lost++;
      near.destroy();
      far.destroy();
    });
    near.on('close', () => far.destroy()).on('error', () => undefined);
    far.on('close', () => near.destroy()).on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onCleanUp(() => server.close());
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get lost() {
      return plan.lost;
    },
    loseAnswers(text, nth, count) {
      Object.assign(plan, { text, skip: nth - 1, count });
    },
  };
}
