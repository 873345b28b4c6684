import type { Post } from 'redis-fanout';

import type { Connect, Listener } from './listener.js';
import { openWebSocket, type TakeFrame } from './web-socket.js';

/** Packets of Engine.IO 4, with the packets of Socket.IO 5 that its messages carry: the text before the content. */
const OPEN = '0';
const PING = '2';
const PONG = '3';
const CONNECT = '40';
const EVENT = '42';

/** A Socket.IO server's main namespace, as far as a client that only listens has to speak to it. */
export const connectSocketIo: Connect = async (port, reader, listener) =>
  openWebSocket(listener, {
    url: `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket&user=${reader}`,
    speak: (ready) => takePackets(listener, ready),
  });

function takePackets(listener: Listener, ready: () => void): TakeFrame {
  return (text, atMs, send) => {
    if (text.startsWith(EVENT)) {
      const [event, post] = JSON.parse(text.slice(EVENT.length)) as [string, Post];
      if (event === 'post') listener.post(post, atMs);
      else listener.lost(`the event ${event} came`);
    } else if (text.startsWith(CONNECT)) ready();
    else if (text.startsWith(OPEN)) send(CONNECT);
    else if (text === PING) send(PONG);
    else listener.lost(`the packet ${text.slice(0, 2)} came`);
  };
}
