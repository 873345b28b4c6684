import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';

import { Connections } from '../src/boot/connections.js';
import { open, until } from './wire.js';

describe('Connections', () => {
  let server: Server;
  let connections: Connections;
  let url: string;
  let sockets: Socket[];

  beforeEach(async () => {
    sockets = [];
    server = createServer();
    server.on('upgrade', (_request, socket: Socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      sockets.push(socket);
    });
    connections = new Connections(server);
    connections.watchUpgrades(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    for (const socket of sockets) {
      socket.destroy();
    }
    server.close();
  });

  const openWith = async (head: string): Promise<Socket> => {
    const socket = await open(url);
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.write(head);
    return socket;
  };

  it('closes what is idle, and nothing that is in use', async () => {
    const upgraded = await openWith(
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    await until(() => upgraded.bytesRead > 0);
    const busy = await openWith('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await until(() => connections.requests === 1);
    const unused = await openWith('');
    // Accepted after the others were: once it is gone, all of them were looked at.
    connections.closeIdle(60_000);
    expect(unused.destroyed).toBe(false);
    await until(() => {
      connections.closeIdle(0);
      return unused.closed || unused.readableEnded;
    });
    expect([busy.closed, busy.readableEnded, upgraded.closed, upgraded.readableEnded]).toEqual(
      Array(4).fill(false),
    );
  });
});
