import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Redis } from 'ioredis';
import { cleanUp, onCleanUp, until } from 'test-support';

import { freePortBase, StartedSystem, writeServices } from './started-system.js';

let root: string;
let portBase: number;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'start-'));
  onCleanUp(() => {
    rmSync(root, { recursive: true, force: true });
  });
  writeServices(root);
  portBase = await freePortBase();
});

afterEach(cleanUp);

function start(env: NodeJS.ProcessEnv = {}): StartedSystem {
  const system = new StartedSystem(root, { PORT_BASE: String(portBase), DATA_DIR: 'data', ...env });
  onCleanUp(() => system.end());
  return system;
}

async function withRedis<T>(system: StartedSystem, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(system.redisUrl);
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

async function serviceAnswer(index: number): Promise<{ pid: number; redisUrl: string }> {
  const response = await fetch(`http://127.0.0.1:${portBase + index}/`);
  return (await response.json()) as { pid: number; redisUrl: string };
}

describe('start', () => {
  it('starts a Redis and the services, says where they are, and stops all of it in order', async () => {
    const system = start();
    await system.ready();
    const services = ['post-service', 'timeline-service', 'notifier', 'fanout-worker'];
    for (const [i, name] of services.entries()) {
      expect(system.output).toMatch(new RegExp(`${name} +http://127.0.0.1:${portBase + i}\\n`));
      expect(await serviceAnswer(i)).toMatchObject({ redisUrl: system.redisUrl });
      // Their logs are passed on, a line at a time.
      expect(system.output).toMatch(new RegExp(`^\\{"service":"${name}".*\\}$`, 'm'));
    }
    const { redisUrl } = system;
    expect(await system.signal('SIGTERM')).toBe(0);
    expect(readFileSync(join(root, 'stopped'), 'utf8').trim().split('\n')).toEqual([
      'post-service',
      'fanout-worker',
      'notifier',
      'timeline-service',
    ]);
    await expect(fetch(redisUrl.replace('redis:', 'http:'))).rejects.toThrow();
  });

  it('sets its Redis up to keep everything, and finds the data again', async () => {
    const first = start();
    await first.ready();
    await withRedis(first, async (client) => {
      const setting = async (name: string): Promise<unknown> => (await client.config('GET', name))[1];
      expect(await setting('appendonly')).toBe('yes');
      expect(await setting('appendfsync')).toBe('everysec');
      expect(await setting('maxmemory-policy')).toBe('noeviction');
      expect(await setting('hash-max-listpack-value')).toBe('65536');
      expect(await setting('set-max-intset-entries')).toBe('16384');
      await client.set('kept', 'yes');
    });
    expect(await first.signal('SIGINT')).toBe(0);
    const second = start();
    await second.ready();
    expect(await withRedis(second, (client) => client.get('kept'))).toBe('yes');
  });

  it('uses the Redis that it is told to', async () => {
    const system = start({ REDIS_URL: 'redis://elsewhere:6379' });
    await system.ready();
    expect(await serviceAnswer(0)).toMatchObject({ redisUrl: 'redis://elsewhere:6379' });
    expect(await system.signal('SIGTERM')).toBe(0);
  });

  it('refuses a data folder that is in use', async () => {
    await start().ready();
    const second = start({ PORT_BASE: String(await freePortBase()) });
    expect(await second.exitCode).toBe(1);
    expect(second.output).toContain(`${join(root, 'data')} is in use by process`);
  });

  it('refuses a port that is in use, and says which', async () => {
    const server = createServer().listen(portBase + 1, '127.0.0.1');
    await once(server, 'listening');
    onCleanUp(() => server.close());
    const system = start();
    expect(await system.exitCode).toBe(1);
    expect(system.output).toContain(`port ${portBase + 1} is in use`);
  });

  it('stops everything where a service ends before it is ready', async () => {
    writeFileSync(join(root, 'apps/notifier/dist/main.js'), 'console.log("no good"); process.exit(3)');
    const system = start();
    expect(await system.exitCode).toBe(1);
    expect(system.output).toContain('no good');
    expect(system.output).toContain('notifier ended with code 3 before it was ready');
    await expect(serviceAnswer(0)).rejects.toThrow();
  });

  it('starts a service and a Redis again that were killed', async () => {
    const system = start();
    await system.ready();
    const { pid } = await serviceAnswer(3);
    process.kill(pid, 'SIGKILL');
    await until(async () => (await serviceAnswer(3)).pid !== pid, 'the service is there again');
    expect(system.output).toMatch(/fanout-worker ended with SIGKILL; it is started again in \d+ ms/);
    const redisPid = await withRedis(system, async (client) => {
      await client.set('kept', 'yes');
      return Number(/process_id:(\d+)/.exec(await client.info('server'))?.[1]);
    });
    process.kill(redisPid, 'SIGKILL');
    await until(
      async () => (await withRedis(system, (client) => client.get('kept'))) === 'yes',
      'the data is there again',
    );
    expect(await system.signal('SIGTERM')).toBe(0);
  });

  it('takes over from a start that was killed', async () => {
    const first = start();
    await first.ready();
    await withRedis(first, (client) => client.set('kept', 'yes'));
    await first.signal('SIGKILL');
    // The services notice that they are alone; their Redis is ended by whoever needs the data next.
    await until(
      async () => (await Promise.all([0, 1, 2, 3].map(isClosed))).every(Boolean),
      'the services have ended',
    );
    const second = start();
    await second.ready();
    expect(await withRedis(second, (client) => client.get('kept'))).toBe('yes');
  });

  it('ends at once at a second signal', async () => {
    writeServices(root, { stubborn: 'notifier' });
    const system = start();
    await system.ready();
    system.child.kill('SIGTERM');
    await until(
      () => readFileSync(join(root, 'stopped'), { encoding: 'utf8', flag: 'a+' }).includes('notifier'),
      'the notifier is asked to stop',
    );
    // Until the first half second is over a second signal counts as the same.
    await until(() => system.child.exitCode !== null || !system.child.kill('SIGTERM'), 'it has ended');
    expect(await system.exitCode).toBe(1);
    await until(() => isClosed(2), 'the notifier has ended');
  });
});

async function isClosed(index: number): Promise<boolean> {
  return serviceAnswer(index).then(
    () => false,
    () => true,
  );
}
