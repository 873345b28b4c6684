import { Inject, Injectable, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { Fanout, type ListStrategy, openLists } from '../../src/index.js';
import { RedisFanoutModule, type StrategyProvider } from '../../src/nestjs/index.js';
import { Fixture } from '../support/fixture.js';
import { connections, gate, logged, start, stop, stopAll, until, untilClosed } from './support.js';

const CHAT = Symbol('chat');
const CALLS = Symbol('calls');

let redis: Fixture;
let name: string;
let count = 0;
beforeAll(async () => {
  redis = await Fixture.standalone();
});
beforeEach(() => {
  name = `shutdown-${++count}`;
});
afterEach(stopAll);
afterAll(async () => redis.stop());

const ownConnection = (): ReturnType<typeof RedisFanoutModule.forRoot> =>
  RedisFanoutModule.forRoot({ url: redis.url, prefix: name, connection: { connectionName: name } });

/** A strategy that does nothing but close. */
const closable = (provide: symbol, close: () => Promise<void>): StrategyProvider => ({
  provide,
  open: () => ({ close }),
});

describe('shutdown', () => {
  it('closes the connection that the module opened', async () => {
    const app = await start({ imports: [ownConnection()] });
    await expect(connections(redis.client, name)).resolves.toBe(1);
    await stop(app);
    await untilClosed(redis.client, name);
  });

  it('leaves a client alone that it was given', async () => {
    const app = await start({ imports: [RedisFanoutModule.forRoot({ client: redis.client, prefix: name })] });
    await stop(app);
    expect(redis.client.status).toBe('ready');
    await expect(redis.client.ping()).resolves.toBe('PONG');
  });

  it('waits for the handlers of strategies before it closes the connection', async () => {
    const atWork = gate();
    const release = gate();
    @Injectable()
    class Chat implements OnModuleInit {
      acknowledged = 0;
      constructor(@Inject(CHAT) private readonly chat: ListStrategy<string>) {}
      async onModuleInit(): Promise<void> {
        await this.chat.subscribe('bob', 'ann');
        await this.chat.listen('bob', async ({ id }) => {
          atWork.open();
          await release.opened;
          this.acknowledged = await this.chat.acknowledge('bob', id);
        });
        await this.chat.publish('ann', 'hello');
      }
    }
    const app = await start({
      imports: [ownConnection(), RedisFanoutModule.forFeature([{ provide: CHAT, open: openLists<string> }])],
      providers: [Chat],
    });
    await atWork.opened;
    const close = jest.spyOn(app.get<ListStrategy<string>>(CHAT, { strict: false }), 'close');
    const stopped = stop(app);
    await until(() => close.mock.calls.length > 0, 'the strategy is closing');
    await expect(connections(redis.client, name)).resolves.toBeGreaterThan(0);
    release.open();
    await stopped;
    expect(app.get(Chat).acknowledged).toBe(1);
    await untilClosed(redis.client, name);
  });

  it('leaves the strategies open for the last hooks of the application', async () => {
    @Injectable()
    class LastWords implements OnApplicationShutdown {
      receivers: number | null = 0;
      constructor(@Inject(CHAT) private readonly chat: ListStrategy<string>) {}
      async onApplicationShutdown(): Promise<void> {
        await this.chat.subscribe('bob', 'ann');
        this.receivers = (await this.chat.publish('ann', 'goodbye')).receivers;
      }
    }
    const app = await start({
      imports: [ownConnection(), RedisFanoutModule.forFeature([{ provide: CHAT, open: openLists<string> }])],
      providers: [LastWords],
    });
    await stop(app);
    expect(app.get(LastWords).receivers).toBe(1);
  });

  it('closes everything else where a strategy does not close', async () => {
    const calls: string[] = [];
    const app = await start({
      imports: [
        ownConnection(),
        RedisFanoutModule.forFeature([
          closable(CHAT, async () => Promise.reject(new Error('does not close'))),
          closable(CALLS, async () => {
            calls.push('closed');
            await Promise.resolve();
          }),
        ]),
      ],
    });
    await stop(app);
    expect(calls).toEqual(['closed']);
    expect(logged).toContain('AggregateError: strategies did not close');
    await untilClosed(redis.client, name);
  });

  it('follows a signal where shutdown hooks are enabled', async () => {
    const calls: string[] = [];
    const closing = closable(CHAT, async () => {
      await until(async () => (await connections(redis.client, name)) === 1, 'the connection is still there');
      calls.push('strategy');
    });
    @Module({})
    class AppModule {}
    const app = await NestFactory.createApplicationContext(
      { module: AppModule, imports: [ownConnection(), RedisFanoutModule.forFeature([closing])] },
      { logger: false, abortOnError: false },
    );
    app.enableShutdownHooks(['SIGTERM']);
    // Nest sends itself the signal again when it is done; this process is to go on.
    const kill = jest.spyOn(process, 'kill').mockImplementation(() => {
      calls.push('signal');
      return true;
    });
    try {
      process.emit('SIGTERM', 'SIGTERM');
      await until(() => kill.mock.calls.length > 0, 'the shutdown is over');
    } finally {
      kill.mockRestore();
    }
    expect(calls).toEqual(['strategy', 'signal']);
    await untilClosed(redis.client, name);
    await expect(app.get(Fanout).ping()).rejects.toThrow('Connection is closed');
  });
});
