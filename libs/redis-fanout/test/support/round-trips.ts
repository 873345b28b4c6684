import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';

/** Stands between a client and its server, and counts how often the client waits for the server. */
export class RoundTrips {
  private trips = 0;
  private answered = true;

  private constructor(private readonly server: Server) {}

  static async to(port: number): Promise<RoundTrips> {
    const server = createServer();
    const counter = new RoundTrips(server);
    server.on('connection', (client) => {
      const upstream = connect(port, '127.0.0.1');
      client.on('data', (chunk) => {
        // What is sent before the answer to the last has come is no further round trip.
        if (counter.answered) counter.trips++;
        counter.answered = false;
        upstream.write(chunk);
      });
      upstream.on('data', (chunk) => {
        counter.answered = true;
        client.write(chunk);
      });
      client.on('close', () => upstream.destroy());
      upstream.on('close', () => client.destroy());
      client.on('error', () => upstream.destroy());
      upstream.on('error', () => client.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return counter;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How many round trips something takes. */
  async during(action: () => Promise<unknown>): Promise<number> {
    const before = this.trips;
    await action();
    return this.trips - before;
  }

  stop(): void {
    this.server.close();
  }
}
