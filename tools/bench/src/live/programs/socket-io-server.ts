/** A server of Socket.IO, as its documentation shows it, with the adapter for Redis Streams: everybody is in one room. */
import { createAdapter } from '@socket.io/redis-streams-adapter';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';

import { readServerSettings } from '../../shared/server-settings.js';
import { emptyHttpServer } from '../empty-http-server.js';
import { ROOM } from '../publishers/socket-io-publisher.js';

const { redisUrl, host, port } = readServerSettings();
const http = emptyHttpServer();
const io = new Server(http, { adapter: createAdapter(new Redis(redisUrl)), transports: ['websocket'] });
io.on('connection', (socket) => {
  void socket.join(ROOM);
});
http.listen(port, host);
