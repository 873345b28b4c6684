import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { FanoutClient, InvalidOptionError, type Post } from 'redis-fanout-client';

const POST: Post = {
  id: '1795438504042003000',
  author: 'ann',
  text: 'hello',
  attachments: [],
  createdAt: '2026-11-23T10:00:00.000Z',
  editedAt: null,
};

/** The installed client, as an ES module and as a CommonJS module, and a server that has one thing to say. */
async function main(): Promise<void> {
  assert.throws(() => new FanoutClient({ url: 'nowhere', user: 'bob' }), InvalidOptionError);
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`id: 1\nevent: post\ndata: ${JSON.stringify(POST)}\n\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new FanoutClient({ url: `http://127.0.0.1:${port}`, user: 'bob', webSocket: false });
  const heard = new Promise<Post>((resolve) => client.on('post', resolve));
  client.connect();
  assert.deepEqual(await heard, POST);
  client.close();
  server.closeAllConnections();
  server.close();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
