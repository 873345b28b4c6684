import type { Post } from 'redis-fanout';
import type { FanoutClientOptions, TransportName } from 'redis-fanout-client';
import { cleanUp, until } from 'test-support';

import { Chromium, type Tab } from './chromium.js';
import { concerning, LiveSystem } from './live-system.js';
import type { Account, Told } from './page.js';
import { bundlePage, servePage } from './page-server.js';
import { importLines, type RunningService } from './running-services.js';

const { findChromium, canInstallChromium } = jest.requireActual<{
  findChromium(): string | undefined;
  canInstallChromium(): boolean;
}>('../../../run/chromium.mjs');

const executable = findChromium();
// Where `npm test` installs one, that there is none is a failure; elsewhere there is nothing to be done about it.
const isSkipped = executable === undefined && !canInstallChromium();
const where = isSkipped
  ? 'Chromium (skipped: there is none on the PATH, and none can be installed)'
  : 'Chromium';
const TRANSPORTS = ['websocket', 'sse'] as const;

type PageOptions = Pick<FanoutClientOptions, 'url' | 'user'> & {
  readonly headers?: Readonly<Record<string, string>>;
  readonly webSocketAttempts?: number;
};

/** A client in a page. */
class PageClient {
  private constructor(
    private readonly tab: Tab,
    private readonly number: number,
  ) {}

  /** Connects; over Server-Sent Events alone, or over WebSockets for as long as these come to anything. */
  static async follow(tab: Tab, transport: TransportName, options: PageOptions): Promise<PageClient> {
    const all = {
      // A notifier that is away for a second is no reason to change over.
      webSocketAttempts: 1_000_000,
      retryMs: 20,
      maxRetryMs: 100,
      ...(transport === 'sse' && { webSocket: false }),
      ...options,
    };
    return new PageClient(tab, await tab.evaluate<number>(`page.follow(${JSON.stringify(all)})`));
  }

  async account(): Promise<Account & { readonly position?: string }> {
    return this.tab.evaluate(`page.account(${this.number})`);
  }

  /** Once the server has told where the client is it misses nothing. */
  async untilPlaced(): Promise<void> {
    await until(async () => (await this.account()).position !== undefined, 'it is connected');
  }

  async untilTold(count: number): Promise<readonly Told[]> {
    await until(async () => (await this.account()).told.length >= count, `${count} events were told`);
    return (await this.account()).told;
  }

  /** How it was live. */
  async transports(): Promise<Set<TransportName>> {
    const { states } = await this.account();
    return new Set(states.flatMap((state) => (state.state === 'live' ? [state.transport] : [])));
  }

  async close(): Promise<void> {
    await this.tab.evaluate(`page.close(${this.number})`);
  }
}

/** Nothing was thrown, or rejected, that nobody took care of. */
async function expectNoFailures(tab: Tab): Promise<void> {
  expect(await tab.evaluate('page.failures')).toEqual([]);
}

(isSkipped ? describe.skip : describe)(`the client in ${where}`, () => {
  let chromium: Chromium;
  let system: LiveSystem;
  let notifier: RunningService;
  /** Of the two only the first one is named in CORS_ORIGIN. */
  let origins: { readonly ours: string; readonly foreign: string };
  let tab: Tab;

  beforeAll(async () => {
    if (executable === undefined) throw new Error('chromium is missing: apt-get install chromium');
    const script = await bundlePage();
    origins = { ours: await servePage(script), foreign: await servePage(script) };
    system = await LiveSystem.start(1, { CORS_ORIGIN: origins.ours, MAX_CONNECTIONS_PER_USER: '2' });
    [notifier] = system.notifiers as [RunningService];
    chromium = await Chromium.start(executable);
  }, 120_000);
  afterAll(cleanUp);
  beforeEach(async () => {
    tab = await chromium.open(origins.ours);
  });
  afterEach(async () => {
    await expectNoFailures(tab);
    await tab.close();
  });

  const publish = async (author: string, text: string): Promise<Post> =>
    system.send('POST', '/posts', { author, text });
  const send = async (to: string, text: string): Promise<object> => {
    const { delivered, ...message } = await system.send<{ delivered: string }>('POST', '/messages', {
      from: 'bob',
      to,
      text,
    });
    expect(delivered).toBe('live');
    return message;
  };

  /** Everything that can happen, with a restart of the notifier in between. What was told, and what it was told of. */
  async function live(client: PageClient, user: string, author: string): Promise<object[]> {
    const sent: object[] = [await publish(author, 'Gr\u00fc\u00dfe \u{1f600}\r\n\u2028 data: x\n\n')];
    const [{ id }] = sent as [Post];
    await client.untilTold(1);
    sent.push(await system.send('PATCH', `/posts/${id}`, { author, text: 'changed' }));
    await client.untilTold(2);
    sent.push(await send(user, 'psst'));
    await client.untilTold(3);
    await notifier.killAndRestart();
    for (let i = 0; i < 20; i++) sent.push(await publish(author, `while it is away: ${i}`));
    await client.untilTold(sent.length);
    await system.send('DELETE', `/posts/${id}?author=${author}`);
    sent.push({ id });
    await client.untilTold(sent.length);
    await notifier.ready();
    return sent;
  }

  it.each(TRANSPORTS)(
    'tells a page of another origin each event once and in order over %s, across a restart and a reload',
    async (transport) => {
      const [user, author] = [`reader-${transport}`, `author-${transport}`];
      await importLines(system.posts.url, [{ follow: [user, author] }]);
      const options = { url: notifier.url, user };
      const before = await PageClient.follow(tab, transport, options);
      await before.untilPlaced();
      const sent = await live(before, user, author);
      const { told, resyncs } = await before.account();
      expect([...(await before.transports())]).toEqual([transport]);
      await expectNoFailures(tab);
      await tab.reload();
      sent.push(await publish(author, 'while nobody looks'));
      const after = await PageClient.follow(tab, transport, options);
      await after.untilTold(1);
      sent.push(await publish(author, 'at last'));
      const all = [...told, ...(await after.untilTold(2))];
      const history = concerning(user, { has: (_, its) => its === author }, await system.histories());
      expect(all.map(({ position, event, data }) => [position, event, data.id])).toEqual(
        history.map(({ position, event, id }) => [position, event, id]),
      );
      expect(all.map(({ data }) => data)).toMatchObject(sent);
      expect([...resyncs, ...(await after.account()).resyncs]).toEqual([]);
      await after.close();
      await until(async () => (await system.connections()) === 0, 'it has let go of its connection');
    },
    60_000,
  );

  it('sends headers of its own to another origin, and reads there when to come back', async () => {
    const options = { url: notifier.url, user: 'authorized', headers: { authorization: 'Bearer x' } };
    for (const first of [
      await PageClient.follow(tab, 'sse', options),
      await PageClient.follow(tab, 'sse', options),
    ]) {
      await first.untilPlaced();
    }
    const third = await PageClient.follow(tab, 'sse', options);
    await until(async () => (await third.account()).states.length >= 2, 'it is refused');
    const { states, errors } = await third.account();
    expect(errors[0]).toEqual({ code: 'refused', transport: 'sse', status: 503 });
    // What the server asked for, and up to `retryMs`.
    expect(states[1]).toEqual({ state: 'waiting', delayMs: expect.any(Number) as number });
    expect((states[1] as { delayMs: number }).delayMs).toBeGreaterThanOrEqual(5000);
  });

  it('is told nothing in a page of an origin that is not named', async () => {
    const foreign = await chromium.open(origins.foreign);
    const options = { url: notifier.url, user: 'abroad', webSocketAttempts: 1 };
    const client = await PageClient.follow(foreign, 'websocket', options);
    const bothFailed = [
      { code: 'connect-failed', transport: 'websocket' },
      { code: 'connect-failed', transport: 'sse' },
    ];
    await until(async () => (await client.account()).errors.length >= 2, 'both were tried');
    const { states, errors } = await client.account();
    expect(errors.slice(0, 2)).toEqual(bothFailed.map((error) => expect.objectContaining(error) as object));
    expect(states.filter(({ state }) => state === 'live')).toEqual([]);
    await expectNoFailures(foreign);
    await foreign.close();
  });
});
