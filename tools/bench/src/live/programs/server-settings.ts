import { createServer, type Server } from 'node:http';

/** Where a server listens, and its Redis: as the notifier is told, too. */
export interface ServerSettings {
  readonly redisUrl: string;
  readonly host: string;
  readonly port: number;
}

export function readServerSettings(env = process.env): ServerSettings {
  const { REDIS_URL = '', HOST = '', PORT = '' } = env;
  return { redisUrl: REDIS_URL, host: HOST, port: Number(PORT) };
}

/** An HTTP server that has nothing but what is attached to it. */
export function emptyHttpServer(): Server {
  return createServer((_request, response) => {
    response.writeHead(404).end();
  });
}
