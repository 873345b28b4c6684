/** All clients of a turn, in a process of their own. */
import { answerCalls } from '../../shared/calls.js';
import { Audience } from '../audience.js';
import type { ClientCalls } from '../calls.js';
import { connectEventStream } from '../protocols/event-stream.js';
import type { Connect } from '../protocols/listener.js';
import { connectSocketIo } from '../protocols/socket-io.js';
import { connectNotifierSocket, connectPlainSocket } from '../protocols/web-socket.js';
import type { Protocol } from '../contestant.js';

const PROTOCOLS: Readonly<Record<Protocol, Connect>> = {
  'notifier WebSocket': connectNotifierSocket,
  'notifier event stream': connectEventStream,
  'Socket.IO': connectSocketIo,
  'plain WebSocket': connectPlainSocket,
};

let connected: Audience | undefined;

answerCalls({
  connect: async ({ protocol, port, readers }) => {
    const { audience, seconds } = await Audience.connect(PROTOCOLS[protocol], port, readers);
    connected = audience;
    return seconds;
  },
  received: async (posts) => await theAudience().received(posts),
  check: (numbers) => {
    theAudience().check(numbers);
  },
} satisfies ClientCalls);

function theAudience(): Audience {
  if (connected === undefined) throw new Error('nobody is connected');
  return connected;
}
