import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** A connection that its client wants to leave HTTP with. */
export interface Upgrade {
  readonly socket: Socket;
  /** What the client has sent already. */
  readonly head: Buffer;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/**
 * Sends requests for an upgrade through the service like all others, so that they are checked, refused and logged in the
 * same way. A handler takes the connection over with `takeUpgrade`; otherwise the answer is its end.
 */
export function routeUpgrades(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    // Whoever takes the connection over has listeners of its own; until then a lost one is just gone.
    socket.on('error', () => undefined);
    const response = new ServerResponse(request);
    try {
      response.assignSocket(socket);
    } catch {
      // An answer to a request before this one is still under way on it.
      socket.destroy();
      return;
    }
    // Nobody reads requests from it any more.
    response.setHeader('connection', 'close');
    // Node leaves a connection half open that has left HTTP; nobody would see its end.
    response.once('finish', () => {
      socket.destroySoon();
    });
    if (isWebSocket(request)) upgrades.set(request, { socket, head });
    else endWithPeer(socket);
    fastify.routing(request, response);
  });
}

/** Of another protocol nothing is known here: the request is answered as if it asked for none. */
function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

function endWithPeer(socket: Socket): void {
  socket.once('end', () => {
    socket.destroy();
  });
  socket.resume();
}

/** The connection of a request for an upgrade, which HTTP has no more to do with; undefined for other requests. */
export function takeUpgrade(request: IncomingMessage, response: ServerResponse): Upgrade | undefined {
  const upgrade = upgrades.get(request);
  if (upgrade !== undefined) response.detachSocket(upgrade.socket);
  return upgrade;
}

/** Whether a request asks for an upgrade. */
export function wantsUpgrade(request: IncomingMessage): boolean {
  return upgrades.has(request);
}
