import { Inject, Injectable, Module } from '@nestjs/common';

import {
  type FanoutStrategy,
  InvalidOptionError,
  type ListStrategy,
  openLists,
  openPubSub,
  openStreams,
  openTimelines,
} from '../../src/index.js';
import { RedisFanoutModule, type StrategySetup } from '../../src/nestjs/index.js';
import { Fixture } from '../support/fixture.js';
import { start, stopAll } from './support.js';

interface ChatMessage {
  readonly text: string;
}

const CHAT = Symbol('chat');
const LIMITS = Symbol('limits');

@Injectable()
class Chat {
  constructor(@Inject(CHAT) readonly messages: ListStrategy<ChatMessage>) {}
}

let redis: Fixture;
let prefix: string;
let count = 0;
beforeAll(async () => {
  redis = await Fixture.standalone();
});
beforeEach(() => {
  prefix = `features-${++count}`;
});
afterEach(stopAll);
afterAll(async () => redis.stop());

const expectExchange = async ({ messages }: Chat): Promise<void> => {
  await messages.subscribe('bob', 'ann');
  await messages.publish('ann', { text: 'hello' });
  const [taken] = await messages.take('bob');
  expect(taken?.payload.text).toBe('hello');
};

describe('strategies', () => {
  it('are opened on the connection of the application, and injected where they are imported', async () => {
    @Module({
      imports: [RedisFanoutModule.forFeature([{ provide: CHAT, open: openLists<ChatMessage> }])],
      providers: [Chat],
    })
    class ChatModule {}
    const app = await start({
      imports: [RedisFanoutModule.forRoot({ client: redis.client, prefix }), ChatModule],
    });
    await expectExchange(app.get(Chat, { strict: false }));
  });

  it('are of all four kinds, beside each other', async () => {
    const strategies = [
      { provide: 'pubsub', open: openPubSub<ChatMessage> },
      { provide: 'lists', open: openLists<ChatMessage> },
      { provide: 'timelines', open: openTimelines<ChatMessage> },
      { provide: 'streams', open: openStreams<ChatMessage> },
    ];
    const app = await start({
      imports: [
        RedisFanoutModule.forRoot({ client: redis.client, prefix, partitions: 2 }),
        RedisFanoutModule.forFeature(strategies),
      ],
    });
    for (const { provide } of strategies) {
      const strategy = app.get<FanoutStrategy<ChatMessage>>(provide, { strict: false });
      await strategy.subscribe('bob', 'ann');
      await expect(strategy.publish('ann', { text: provide })).resolves.toMatchObject({ repeated: false });
    }
  });

  it('get the connection, prefix and partitions of the module, and what they ask for', async () => {
    const setups: StrategySetup[] = [];
    @Module({ providers: [{ provide: LIMITS, useValue: { inbox: 1 } }], exports: [LIMITS] })
    class LimitsModule {}
    const features = RedisFanoutModule.forFeature(
      [
        {
          provide: CHAT,
          inject: [LIMITS],
          open: (setup, { inbox }: { inbox: number }) => {
            setups.push(setup);
            return openLists<ChatMessage>({ ...setup, inboxMaxMessages: inbox });
          },
        },
      ],
      { imports: [LimitsModule] },
    );
    const app = await start({
      imports: [RedisFanoutModule.forRoot({ client: redis.client, prefix, partitions: 2 }), features],
      providers: [Chat],
    });
    expect(setups).toEqual([{ client: redis.client, prefix, partitions: 2 }]);
    const { messages } = app.get(Chat);
    await messages.subscribe('bob', 'ann');
    await messages.publish('ann', { text: 'first' });
    await messages.publish('ann', { text: 'second' });
    await expect(messages.backlog('bob')).resolves.toMatchObject({ waiting: 1, dropped: 1 });
  });

  it('are opened on a connection that is not global where that is imported', async () => {
    const own = RedisFanoutModule.forRoot({ client: redis.client, prefix, isGlobal: false });
    const strategies = [{ provide: CHAT, open: openLists<ChatMessage> }];
    await expect(
      start({ imports: [own, RedisFanoutModule.forFeature(strategies)], providers: [Chat] }),
    ).rejects.toThrow(/resolve dependencies of the Symbol\(chat\)/);
    const app = await start({
      imports: [own, RedisFanoutModule.forFeature(strategies, { imports: [own] })],
      providers: [Chat],
    });
    await expectExchange(app.get(Chat));
  });

  it('keep an application with a bad option from starting', async () => {
    const strategies = [
      {
        provide: CHAT,
        open: (setup: StrategySetup) => openLists<ChatMessage>({ ...setup, inboxMaxMessages: 0 }),
      },
    ];
    const starting = start({
      imports: [
        RedisFanoutModule.forRoot({ client: redis.client, prefix }),
        RedisFanoutModule.forFeature(strategies),
      ],
    });
    await expect(starting).rejects.toThrow(InvalidOptionError);
    await expect(starting).rejects.toThrow(/^inboxMaxMessages: /);
  });
});
