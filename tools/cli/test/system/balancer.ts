import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

import { onCleanUp } from 'test-support';

/** What stands in front of several services: each new connection goes to the next of them, whether that is there or not. */
export class Balancer {
  private readonly connections = new Set<Socket>();
  private taken = 0;
  private readonly server = createServer((socket) => {
    this.connect(socket);
  });

  private constructor(private readonly urls: readonly string[]) {}

  /** Stopped by `cleanUp`. */
  static async start(urls: readonly string[]): Promise<Balancer> {
    const balancer = new Balancer(urls);
    const { server } = balancer;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onCleanUp(() => {
      server.close();
      for (const socket of balancer.connections) socket.destroy();
    });
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Breaks the oldest connection off: what is on its way gets lost. */
  breakOff(): void {
    for (const socket of this.connections) {
      socket.destroy();
      return;
    }
  }

  private connect(socket: Socket): void {
    const { hostname, port } = new URL(this.urls[this.taken++ % this.urls.length] ?? '');
    const service = connect(Number(port), hostname);
    this.connections.add(socket);
    socket.pipe(service).pipe(socket);
    socket.on('error', () => undefined);
    service.on('error', () => undefined);
    socket.once('close', () => {
      this.connections.delete(socket);
      service.destroy();
    });
    service.once('close', () => socket.destroy());
  }
}
