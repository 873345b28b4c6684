/** The producer of a turn, in a process of its own. */
import { answerCalls } from '../../shared/calls.js';
import { cpuUs } from '../../shared/cpu.js';
import type { ProducerCalls } from '../calls.js';
import type { Transport } from '../contestant.js';
import { openBullProducer } from '../contestants/bullmq.js';
import { openNestProducer } from '../contestants/nestjs.js';
import { openPubSubProducer } from '../contestants/pubsub.js';
import { openStreamsProducer } from '../contestants/streams.js';
import type { OpenProducer } from '../contestants/transport.js';
import { Sender } from '../sender.js';

const OPEN: Readonly<Record<Transport, OpenProducer>> = {
  streams: openStreamsProducer,
  pubsub: openPubSubProducer,
  bullmq: openBullProducer,
  nestjs: openNestProducer,
};

let opened: Sender | undefined;

answerCalls({
  open: async ({ transport, redisUrl }) => {
    opened = new Sender(await OPEN[transport](redisUrl));
  },
  send: async ({ count, how }) => {
    const sender = theSender();
    return how === 'in batches' ? sender.sendInBatches(count) : sender.sendOneByOne(count);
  },
  sendSteadily: async ({ count, rate }) => theSender().sendSteadily(count, rate),
  cpuUs,
} satisfies ProducerCalls);

function theSender(): Sender {
  if (opened === undefined) throw new Error('nothing is open');
  return opened;
}
