import { Redis } from 'ioredis';

import { postOf } from '../post.js';
import type { OpenPublisher } from './publisher.js';

export const CHANNEL = 'posts';

/** Publishes on a channel what the server passes on as it is. */
export const openPubSubPublisher: OpenPublisher = async (redisUrl) => {
  const client = new Redis(redisUrl);
  return Promise.resolve({
    publish: async (n) => {
      await client.publish(CHANNEL, JSON.stringify({ event: 'post', data: postOf(n) }));
    },
    close: async () => {
      client.disconnect();
      return Promise.resolve();
    },
  });
};
