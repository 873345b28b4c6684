import { bullets } from '../shared/markdown.js';
import { whole } from '../shared/statistics.js';
import { BATCH, type Plan, UNDER_WAY } from './plan.js';

/** How it was measured, and what the figures say and do not say. */
export function notes({ warmUp, flow, backlog, steady, rate }: Plan): string {
  return bullets([
    `**Turns.** In each turn producer and consumer are new processes, on one Redis that keeps nothing on disk and is empty.
    First come ${whole(warmUp)} events in each of the ways, since V8 compiles what runs often. A handler notes the number of
    the event, and nothing else.`,
    `**As fast as they go**: ${whole(flow)} events; each is sent when Redis has taken another one, ${UNDER_WAY} being under
    way. Events/s count from the first one being sent to the last one being handled.`,
    `**${whole(rate)} events a second**: ${whole(steady)} events, each sent when it is due, whatever has become of those
    before. Latencies are from when an event was due until its handler was called. At such a rate most events come alone:
    what a batch saves is not in these costs, and a process that sleeps in between pays for waking up each time.`,
    `**A backlog**: ${whole(backlog)} events are sent in batches of ${BATCH}, one batch after the other (with BullMQ by
    \`addBulk\`, otherwise by ${BATCH} calls at once). They wait, and then a consumer comes. Events/s count from when it begins
    to connect. Only Streams and BullMQ keep events for it. The memory is what Redis says of all keys (\`MEMORY USAGE\`).`,
    `**CPU** is what the processes (\`process.cpuUsage\`) and Redis (\`INFO\`) have spent until the events were handled and
    Redis had been told; bytes are those of \`INFO\`, both ways.`,
    `**Streams** runs with its defaults. Its handler gets all events of a batch in one call, up to 500: that is how it is
    meant to be used, and part of why an event takes little of the consumer. All events here have the same pattern; where
    patterns change, each call gets fewer.`,
    `**BullMQ** runs one worker with a concurrency of 100: tried by hand, 10, 50 and 300 were no faster, and 1 was several
    times slower. Jobs that are done are removed; a job that fails is tried 5 times, with the delays of Streams. Redis is
    set up as for us (\`hash-max-listpack-value 65536\`), with which jobs take less memory than with its defaults.`,
    `**NestJS, Redis** is the transport of \`@nestjs/microservices\`. It loses what is sent while nobody listens, as our
    Pub/Sub does, so there the consumer comes before the first event. Both publish by one command for each event, which
    takes the same of Redis; ours waits for a handler before the next one of its channel.`,
    `**In NestJS** run the consumers of all but BullMQ, whose worker is a plain function.`,
  ]);
}
