import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LazyModuleLoader } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { freePort, type RedisServer, startRedis } from 'embedded-redis';
import { Redis } from 'ioredis';

import {
  connectRedis,
  Fanout,
  InvalidOptionError,
  openLists,
  StorageUnavailableError,
  UnsuitableRedisError,
} from '../../src/index.js';
import { RedisFanoutModule, type RedisFanoutModuleOptions } from '../../src/nestjs/index.js';
import { Fixture } from '../support/fixture.js';
import { connections, gate, logged, start, stop, stopAll, until, untilClosed } from './support.js';

const CHAT = Symbol('chat');
const OTHER = Symbol('other');

let redis: Fixture;
let name: string;
let count = 0;
beforeAll(async () => {
  redis = await Fixture.standalone();
});
beforeEach(() => {
  name = `start-${++count}`;
});
afterEach(stopAll);
afterAll(async () => redis.stop());

/** Options whose connection can be told from others. */
const own = (options: Partial<RedisFanoutModuleOptions> = {}): RedisFanoutModuleOptions =>
  ({
    url: redis.url,
    prefix: name,
    connection: { connectionName: name },
    ...options,
  }) as RedisFanoutModuleOptions;

const silent = (port: number): RedisFanoutModuleOptions => ({
  url: `redis://127.0.0.1:${port}`,
  startTimeoutMs: 1000,
  onConnectionError: () => undefined,
});

describe('a start', () => {
  it('waits for a Redis that is not up yet, and tells of the connection', async () => {
    const port = await freePort();
    const told = gate();
    let server: RedisServer | undefined;
    const starting = start({
      imports: [
        RedisFanoutModule.forRoot({ url: `redis://127.0.0.1:${port}`, onConnectionError: told.open }),
        RedisFanoutModule.forFeature([{ provide: CHAT, open: openLists<string> }]),
      ],
    });
    try {
      await told.opened;
      await until(() => logged.join().includes('waiting for Redis: '), 'it has tried in vain');
      server = await startRedis({ port });
      const app = await starting;
      await expect(app.get(Fanout).ping()).resolves.toBeUndefined();
      await stop(app);
    } finally {
      await server?.stop();
    }
  });

  it('gives up when the time is over', async () => {
    const starting = start({ imports: [RedisFanoutModule.forRoot(silent(await freePort()))] });
    await expect(starting).rejects.toThrow(StorageUnavailableError);
  });

  it('gives up on a client that would try for ever', async () => {
    const client = new Redis(await freePort(), '127.0.0.1', {
      maxRetriesPerRequest: null,
      disconnectTimeout: 100,
    });
    client.on('error', () => undefined);
    try {
      const starting = start({ imports: [RedisFanoutModule.forRoot({ client, startTimeoutMs: 1000 })] });
      await expect(starting).rejects.toThrow('no answer in time');
      expect(client.status).not.toBe('end');
    } finally {
      client.disconnect();
    }
  });

  it('gives up on a client that its owner closes', async () => {
    const client = connectRedis(`redis://127.0.0.1:${await freePort()}`);
    const away = gate();
    client.on('error', away.open);
    const starting = start({ imports: [RedisFanoutModule.forRoot({ client })] });
    await away.opened;
    client.disconnect();
    await expect(starting).rejects.toThrow('Connection is closed');
    // Long before the 30 seconds are over.
  }, 10_000);

  it.each([
    ['url', {}],
    ['url', { url: 'http://127.0.0.1' }],
    ['startTimeoutMs', { url: 'redis://127.0.0.1', startTimeoutMs: 0 }],
  ])('refuses options without a good %s: %j', async (option, options) => {
    const starting = start({ imports: [RedisFanoutModule.forRoot(options as RedisFanoutModuleOptions)] });
    await expect(starting).rejects.toThrow(InvalidOptionError);
    await expect(starting).rejects.toMatchObject({ option });
  });

  it('refuses a url beside a client', async () => {
    const options = { url: redis.url, client: redis.client } as unknown as RedisFanoutModuleOptions;
    await expect(start({ imports: [RedisFanoutModule.forRoot(options)] })).rejects.toMatchObject({
      option: 'url',
    });
  });
});

describe('a start that fails', () => {
  it.each([
    ['InvalidOptionError', { timelineMaxEntries: 0 }],
    ['UnsuitableRedisError', { partitions: 5 }],
  ])('closes the connection: %s', async (error, options) => {
    await Fanout.open({ client: redis.client, prefix: name, partitions: 4 });
    const starting = start({ imports: [RedisFanoutModule.forRoot(own(options))] });
    await expect(starting).rejects.toMatchObject({ name: error });
    await untilClosed(redis.client, name);
  });

  it('closes what was opened before a strategy failed, also what comes late', async () => {
    const slow = gate();
    const closed: string[] = [];
    const failing = new UnsuitableRedisError('not this one');
    const strategy = (label: string): { close: () => Promise<void> } => ({
      close: async () => {
        closed.push(label);
        await Promise.resolve();
      },
    });
    const opened = gate();
    const starting = start({
      imports: [
        RedisFanoutModule.forRoot(own()),
        RedisFanoutModule.forFeature([
          {
            provide: CHAT,
            open: () => {
              opened.open();
              return strategy('early');
            },
          },
          {
            provide: OTHER,
            open: async () => {
              await slow.opened;
              return strategy('late');
            },
          },
          {
            provide: Symbol('failing'),
            open: async () => {
              await opened.opened;
              throw failing;
            },
          },
        ]),
      ],
    });
    await expect(starting).rejects.toBe(failing);
    await untilClosed(redis.client, name);
    expect(closed).toEqual(['early']);
    slow.open();
    await until(() => closed.length === 2, 'the late one is closed');
  });

  it('leaves closing to the application once there is one', async () => {
    @Injectable()
    class Broken implements OnModuleInit {
      onModuleInit(): void {
        throw new Error('broken');
      }
    }
    const app = await Test.createTestingModule({
      imports: [RedisFanoutModule.forRoot(own())],
      providers: [Broken],
    }).compile();
    await expect(app.init()).rejects.toThrow('broken');
    await expect(connections(redis.client, name)).resolves.toBe(1);
    await app.close();
    await untilClosed(redis.client, name);
  });

  it('leaves a running application alone', async () => {
    const app = await start({ imports: [RedisFanoutModule.forRoot(own())] });
    const lazy = RedisFanoutModule.forFeature([
      { provide: CHAT, open: async () => Promise.reject(new Error('not this one')) },
    ]);
    await expect(app.get(LazyModuleLoader).load(() => lazy)).rejects.toThrow('not this one');
    await expect(app.get(Fanout).ping()).resolves.toBeUndefined();
  });
});
