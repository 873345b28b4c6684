import type { Fanout } from 'redis-fanout';

import type { Send } from './answers.js';
import { PAGE_LIMIT } from './plan.js';

/** What the library does for a request, without a server around it. */
export function sendToLibrary(fanout: Fanout): Send {
  return async ({ path, body }) => {
    if (body !== undefined) {
      const { post } = await fanout.posts.publish(JSON.parse(body) as { author: string; text: string });
      return { status: 201, body: post };
    }
    const { pathname, searchParams } = new URL(path, 'http://localhost');
    const reader = pathname.slice('/timelines/'.length);
    const since = searchParams.get('since') ?? undefined;
    return { status: 200, body: await fanout.timelines.page(reader, { since, limit: PAGE_LIMIT }) };
  };
}
