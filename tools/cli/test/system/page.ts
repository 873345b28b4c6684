/** Runs in a page in a browser, bundled with the built client: follows users, and keeps what it is told. */
import { type ClientState, FanoutClient, type FanoutClientOptions } from 'redis-fanout-client';

/** What a client in the page told. */
export interface Told {
  readonly position: string | undefined;
  readonly event: string;
  readonly data: { readonly id: string };
}

/** All that a client in the page said. */
export interface Account {
  readonly told: Told[];
  readonly resyncs: string[];
  readonly states: ClientState[];
  readonly errors: { readonly code: string; readonly transport: unknown; readonly status: unknown }[];
}

/** What of a browser is used here. */
interface Browser {
  readonly sessionStorage: { getItem(key: string): string | null; setItem(key: string, value: string): void };
  addEventListener(type: string, listener: (event: { reason?: unknown; message?: string }) => void): void;
}

const browser = globalThis as unknown as Browser;
const clients: FanoutClient[] = [];
const accounts: Account[] = [];
const failures: string[] = [];

/** Connects a client, which goes on where that of the page before was. Returns its number. */
function follow(options: FanoutClientOptions): number {
  const key = `live ${options.user}`;
  const client = new FanoutClient({ lastEventId: browser.sessionStorage.getItem(key), ...options });
  const account: Account = { told: [], resyncs: [], states: [], errors: [] };
  for (const event of ['post', 'edited', 'deleted', 'message'] as const) {
    client.on(event, (data) => account.told.push({ position: client.lastEventId, event, data }));
  }
  client.on('resync', ({ reason }) => account.resyncs.push(reason));
  client.on('state', (state) => account.states.push(state));
  client.on('error', ({ code, transport, status }) => account.errors.push({ code, transport, status }));
  browser.addEventListener('pagehide', () => {
    browser.sessionStorage.setItem(key, client.lastEventId ?? '');
  });
  client.connect();
  accounts.push(account);
  return clients.push(client) - 1;
}

browser.addEventListener('unhandledrejection', ({ reason }) => failures.push(String(reason)));
browser.addEventListener('error', ({ message }) => failures.push(String(message)));

Object.assign(globalThis, {
  page: {
    follow,
    failures,
    account: (number: number) => ({ ...accounts[number], position: clients[number]?.lastEventId }),
    close: (number: number) => {
      clients[number]?.close();
    },
  },
});
