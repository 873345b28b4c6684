/** The consumer of a turn, in a process of its own. */
import { answerCalls } from '../../shared/calls.js';
import { cpuUs } from '../../shared/cpu.js';
import type { ConsumerCalls } from '../calls.js';
import type { Transport } from '../contestant.js';
import { prepareBullConsumer } from '../contestants/bullmq.js';
import { prepareNestConsumer } from '../contestants/nestjs.js';
import { preparePubSubConsumer } from '../contestants/pubsub.js';
import { prepareStreamsConsumer } from '../contestants/streams.js';
import type { Consumer, PrepareConsumer } from '../contestants/transport.js';
import { HandledEvents } from '../handled-events.js';

const PREPARE: Readonly<Record<Transport, PrepareConsumer>> = {
  streams: prepareStreamsConsumer,
  pubsub: preparePubSubConsumer,
  bullmq: prepareBullConsumer,
  nestjs: prepareNestConsumer,
};

const events = new HandledEvents();
let consumer: Consumer | undefined;

answerCalls({
  prepare: async ({ transport, redisUrl }) => {
    consumer = await PREPARE[transport](redisUrl, events.add);
  },
  start: async () => consumer?.start(),
  close: async () => consumer?.close(),
  handled: async (count) => events.until(count),
  check: ({ count, order }) => {
    events.check(count, order);
  },
  cpuUs,
} satisfies ConsumerCalls);
