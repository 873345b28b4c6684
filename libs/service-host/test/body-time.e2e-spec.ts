import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

import { limitBodyTime } from '../src/body/body-time.js';
import { open } from './wire.js';

describe('limitBodyTime', () => {
  let server: Server;

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const serve = async (listener: (request: IncomingMessage) => void): Promise<string> => {
    server = createServer((request, response) => {
      listener(request);
      request.resume().once('end', () => response.end('whole'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('cuts a body that does not arrive', async () => {
    const url = await serve((request) => {
      limitBodyTime(request, 20);
    });
    const socket = await open(url);
    socket.on('error', () => undefined).resume();
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab');
    await once(socket, 'close');
    expect(socket.bytesRead).toBe(0);
  });

  it('leaves a body that arrives', async () => {
    const url = await serve((request) => {
      limitBodyTime(request, 10_000);
    });
    const answer = await fetch(url, { method: 'POST', body: 'abcde' });
    expect(await answer.text()).toBe('whole');
  });
});
