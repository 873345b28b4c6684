import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';

interface Connection {
  busy: number;
  /** Whether it ever carried a request. */
  used: boolean;
  /** Taken over by WebSocket: whoever took it closes it. */
  upgraded: boolean;
  readonly since: number;
}

/**
 * The open connections of a server, and which of them are idle. Node closes idle ones itself only once, when closing
 * begins, and takes a connection that has carried no request yet (browsers and proxies open them in advance) for a
 * busy one: closing would hang on it until a timeout.
 */
export class Connections {
  readonly #open = new Map<Socket, Connection>();

  constructor(server: Server) {
    server.on('connection', (socket) => {
      this.#open.set(socket, { busy: 0, used: false, upgraded: false, since: Date.now() });
      socket.once('close', () => this.#open.delete(socket));
    });
    server.prependListener('request', (request, response) => {
      this.#track(request, response);
    });
  }

  /** Requests that are being answered. */
  get requests(): number {
    return [...this.#open.values()].reduce((sum, { busy }) => sum + busy, 0);
  }

  /**
   * To be called when all listeners are there. A listener of our own for upgrades would make Node take every
   * connection that asks for one out of HTTP, so there is one only where the service has one itself.
   */
  watchUpgrades(server: Server): void {
    if (server.listenerCount('upgrade') > 0) {
      server.prependListener('upgrade', (_request, socket) => {
        const connection = this.#open.get(socket as Socket);
        if (connection !== undefined) {
          connection.upgraded = true;
        }
      });
    }
  }

  /** Closes what carries no request now. One that never did gets `graceMs` from its start: a request may be on its way. */
  closeIdle(graceMs: number): void {
    for (const [socket, { busy, used, upgraded, since }] of this.#open) {
      const idle = busy === 0 && !upgraded;
      if (idle && (used || Date.now() - since >= graceMs)) {
        socket.destroy();
      }
    }
  }

  #track(request: IncomingMessage, response: ServerResponse): void {
    const connection = this.#open.get(request.socket);
    if (connection === undefined) {
      return;
    }
    connection.busy++;
    connection.used = true;
    response.once('close', () => {
      connection.busy--;
    });
  }
}
