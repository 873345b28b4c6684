import { Logger } from '@nestjs/common';

import { connectRedis, InvalidOptionError, type RedisClient } from '../index.js';
import type { ConnectingOptions, RedisFanoutModuleOptions } from './module-options.js';

const logger = new Logger('RedisFanoutModule');

/** The connection that a module works with, and how it parts from it. */
export interface RedisOfModule {
  readonly client: RedisClient;
  /** Closes a connection that is the module's own, and leaves alone one that was given. */
  readonly disconnect: () => void;
}

/** @throws InvalidOptionError unless there is either a `url` or a `client`. */
export function redisOf(options: RedisFanoutModuleOptions): RedisOfModule {
  // Options also come from JavaScript and from configuration.
  const { url, client }: { url?: string | undefined; client?: RedisClient | undefined } = options;
  if (url !== undefined && client !== undefined) throw new InvalidOptionError('url', 'not beside a client');
  if (client !== undefined) return { client, disconnect: () => undefined };
  if (url === undefined) throw new InvalidOptionError('url', 'needed unless a client is given');
  return ownRedis({ ...options, url, client: undefined });
}

function ownRedis({ url, connection, onConnectionError = warn }: ConnectingOptions): RedisOfModule {
  const client = connectRedis(url, connection);
  client.on('error', onConnectionError);
  return {
    client,
    disconnect: () => {
      client.disconnect();
    },
  };
}

function warn(error: unknown): void {
  logger.warn(`connection to Redis: ${error instanceof Error ? error.message : String(error)}`);
}
