import { createServer, type Server } from 'node:http';

/** An HTTP server that has nothing but what is attached to it. */
export function emptyHttpServer(): Server {
  return createServer((_request, response) => {
    response.writeHead(404).end();
  });
}
