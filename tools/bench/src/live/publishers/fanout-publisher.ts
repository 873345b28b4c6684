import { connectRedis, Fanout } from 'redis-fanout';

import { AUTHOR, textOf } from '../post.js';
import type { OpenPublisher } from './publisher.js';

/** Publishes by the library, and is the worker that delivers, too. */
export const openFanoutPublisher: OpenPublisher = async (redisUrl) => {
  const client = connectRedis(redisUrl);
  const fanout = await Fanout.open({ client });
  const worker = fanout.startDelivering();
  return {
    publish: async (n) => {
      await fanout.posts.publish({ author: AUTHOR, text: textOf(n) });
    },
    close: async () => {
      await worker.stop();
      client.disconnect();
    },
  };
};
