/** A server of `ws` that passes on to everybody what comes over a channel of Redis. */
import { Redis } from 'ioredis';
import { WebSocket, WebSocketServer } from 'ws';

import { readServerSettings } from '../../shared/server-settings.js';
import { emptyHttpServer } from '../empty-http-server.js';
import { CHANNEL } from '../publishers/pubsub-publisher.js';

const { redisUrl, host, port } = readServerSettings();
const http = emptyHttpServer();
const sockets = new WebSocketServer({ server: http });
const subscriber = new Redis(redisUrl);
subscriber.on('message', (_channel: string, message: string) => {
  for (const client of sockets.clients) {
    if (client.readyState === WebSocket.OPEN) client.send(message);
  }
});
await subscriber.subscribe(CHANNEL);
http.listen(port, host);
