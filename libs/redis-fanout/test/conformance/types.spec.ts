import {
  type AnyFanoutStrategy,
  type ListStrategy,
  MemoryBroker,
  type PublishOptions,
  type PubSubCapabilities,
  type PubSubStrategy,
  type StreamCapabilities,
  type StreamStrategy,
  type SubscribeOptions,
  type TimelineCapabilities,
  type TimelineStrategy,
  UnsupportedOperationError,
} from '../../src/index.js';

type Optional = 'read' | 'take' | 'acknowledge' | 'replay' | 'backlog';
/** Which operations the type of a strategy has: a table that says otherwise does not compile. */
type Operations<Strategy> = { readonly [Name in Optional]: Name extends keyof Strategy ? true : false };

const pubSub: Operations<PubSubStrategy<string>> = {
  read: false,
  take: false,
  acknowledge: false,
  replay: false,
  backlog: false,
};
const lists: Operations<ListStrategy<string>> = {
  read: true,
  take: true,
  acknowledge: true,
  replay: false,
  backlog: true,
};
const timelines: Operations<TimelineStrategy<string>> = {
  read: true,
  take: false,
  acknowledge: false,
  replay: false,
  backlog: false,
};
const streams: Operations<StreamStrategy<string>> = {
  read: true,
  take: true,
  acknowledge: true,
  replay: true,
  backlog: true,
};

/** Whether an option may be given; the same. */
type Takes<Options, Name extends keyof Options> = [NonNullable<Options[Name]>] extends [never] ? false : true;
const pubSubTakesKeys: Takes<PublishOptions<PubSubCapabilities>, 'idempotencyKey'> = false;
const streamsTakeKeys: Takes<PublishOptions<StreamCapabilities>, 'idempotencyKey'> = true;
const timelinesTakePoints: Takes<SubscribeOptions<TimelineCapabilities>, 'from'> = false;
const streamsTakePoints: Takes<SubscribeOptions<StreamCapabilities>, 'from'> = true;

const broker = new MemoryBroker();
/** As those see a strategy who have no types. */
const untyped = (strategy: unknown): AnyFanoutStrategy<string> => strategy as AnyFanoutStrategy<string>;
const isRefused = async (call: () => Promise<unknown>): Promise<boolean> =>
  call().then(
    () => false,
    (error: unknown) => error instanceof UnsupportedOperationError,
  );

it.each([
  ['Pub/Sub', pubSub, async () => broker.openPubSub<string>()],
  ['lists', lists, async () => broker.openLists<string>()],
  ['timelines', timelines, async () => broker.openTimelines<string>()],
  ['streams', streams, async () => broker.openStreams<string>()],
] as const)('what %s cannot do does not compile, and is refused all the same', async (_, has, open) => {
  const strategy = untyped(await open());
  await strategy.subscribe('bob', 'ann');
  expect({
    read: !(await isRefused(() => strategy.read('bob'))),
    take: !(await isRefused(() => strategy.take('bob'))),
    acknowledge: !(await isRefused(() => strategy.acknowledge('bob', '1'))),
    replay: !(await isRefused(() => strategy.replay('bob', 'ann', 'beginning'))),
    backlog: !(await isRefused(() => strategy.backlog('bob'))),
  }).toEqual(has);
  await strategy.close();
});

it('options that a strategy has no use for do not compile, and are refused all the same', async () => {
  const [live, followed, kept] = [
    untyped(await broker.openPubSub()),
    untyped(await broker.openTimelines()),
    untyped(await broker.openStreams()),
  ];
  const publish = async (strategy: AnyFanoutStrategy<string>): Promise<boolean> =>
    !(await isRefused(() => strategy.publish('ann', 'hello', { idempotencyKey: 'key' })));
  const subscribe = async (strategy: AnyFanoutStrategy<string>): Promise<boolean> =>
    !(await isRefused(() => strategy.subscribe('cid', 'ann', { from: 'beginning' })));
  expect([await publish(live), await publish(kept)]).toEqual([pubSubTakesKeys, streamsTakeKeys]);
  expect([await subscribe(followed), await subscribe(kept)]).toEqual([
    timelinesTakePoints,
    streamsTakePoints,
  ]);
  for (const strategy of [live, followed, kept]) await strategy.close();
});
