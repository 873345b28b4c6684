import { once } from 'node:events';
import { createServer } from 'node:http';

import { createAdapter } from '@socket.io/redis-streams-adapter';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';

import { postOf } from '../post.js';
import type { OpenPublisher } from './publisher.js';

export const ROOM = 'readers';
/** Where the adapter writes unless it is told otherwise. */
const STREAM = 'socket.io';

/** Emits as another instance of the Socket.IO server, without connections, through the adapter. */
export const openSocketIoPublisher: OpenPublisher = async (redisUrl) => {
  const client = new Redis(redisUrl);
  await once(client, 'ready');
  // Nobody connects to it, so it does not listen.
  const io = new Server(createServer(), { adapter: createAdapter(client) });
  return {
    publish: async (n) => {
      io.to(ROOM).emit('post', postOf(n));
      return Promise.resolve();
    },
    close: async () => {
      await io.close();
      // What reads the stream sees that it is closed when something comes, or after 5 s.
      await client.xadd(STREAM, '*', 'nsp', '');
      client.disconnect();
    },
  };
};
