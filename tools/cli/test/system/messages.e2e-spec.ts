import { readFileSync } from 'node:fs';

import { cleanUp, onCleanUp, ownRedis, until } from 'test-support';

import { seededRandom } from '../../src/compare/random.js';
import { LiveClient } from './live-client.js';
import { RunningService } from './running-services.js';

/** A third of the users is connected at a time. */
const SHIFTS = 3;
/** Conversations that go on at the same time. */
const LANES = 8;

interface Message {
  readonly from: string;
  readonly to: string;
}

/** A log of messages: generated, or a file of lines `from to …` that `MESSAGE_LOG` names. */
function readLog(): Message[] {
  const file = process.env.MESSAGE_LOG;
  if (file === undefined) {
    const random = seededRandom(5);
    const someone = (): string => `user-${Math.floor(60 ** random())}`;
    return Array.from({ length: 1500 }, () => ({ from: someone(), to: someone() }));
  }
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [from = '', to = ''] = line.split(' ');
    return { from, to };
  });
}

async function start(name: string, env: NodeJS.ProcessEnv): Promise<string> {
  const service = await RunningService.start(name, env);
  onCleanUp(() => service.stop());
  return service.url;
}

/** All ids of an inbox, oldest first. */
async function inbox(timelines: string, user: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const response = await fetch(`${timelines}/inboxes/${user}?limit=100${query}`);
    const page = (await response.json()) as { items: { id: string }[]; nextCursor: string | null };
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  return ids;
}

describe('a log of messages', () => {
  afterEach(cleanUp);

  it('reaches each recipient, live or in the inbox, in order and once', async () => {
    const env = { REDIS_URL: (await ownRedis()).url };
    const [posts, timelines, ...notifiers] = await Promise.all([
      start('post-service', env),
      start('timeline-service', env),
      start('notifier', env),
      start('notifier', env),
    ]);
    const log = readLog();
    const users = [...new Set(log.flatMap(({ from, to }) => [from, to]))];
    /** What each user was sent, as accepted; and what of it was told and taken out of the inbox then. */
    const sent = new Map<string, string[]>(users.map((user) => [user, []]));
    const told = new Map<string, string[]>(users.map((user) => [user, []]));
    let live = 0;

    const send = async ({ from, to }: Message): Promise<void> => {
      const response = await fetch(`${posts}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ from, to, text: `from ${from}` }),
      });
      expect(response.status).toBe(201);
      const { id, delivered } = (await response.json()) as { id: string; delivered: string };
      sent.get(to)?.push(id);
      if (delivered === 'live') live++;
    };

    for (let shift = 0; shift < SHIFTS; shift++) {
      const clients = users
        .filter((_, i) => i % SHIFTS === shift)
        .map((user, i) => new LiveClient(user, i % 2 === 0 ? 'sse' : 'websocket', notifiers, true));
      onCleanUp(() => {
        for (const client of clients) client.close();
      });
      for (const client of clients) client.open();
      await until(() => clients.every(({ isPlaced }) => isPlaced), 'everybody is connected');
      const part = log.slice((shift * log.length) / SHIFTS, ((shift + 1) * log.length) / SHIFTS);
      const before = new Map(clients.map(({ user }) => [user, sent.get(user)?.length ?? 0]));
      // One recipient's messages are sent one after the other, so that it is known in which order they were accepted.
      await Promise.all(
        Array.from({ length: LANES }, async (_, lane) => {
          for (const message of part) if (users.indexOf(message.to) % LANES === lane) await send(message);
        }),
      );
      for (const client of clients) {
        const expected = sent.get(client.user)?.slice(before.get(client.user)) ?? [];
        await until(() => client.told.length >= expected.length, `${client.user} is told`);
        expect(client.told).toEqual(expected.map((id) => `message ${id}`));
        client.close();
        told.get(client.user)?.push(...expected);
      }
    }
    expect(live).toBe([...told.values()].flat().length);
    expect(live).toBeGreaterThan(log.length / 10);
    for (const user of users) expect(await inbox(timelines, user)).toEqual(sent.get(user));
    expect([...sent.values()].flat()).toHaveLength(log.length);
  }, 900_000);
});
