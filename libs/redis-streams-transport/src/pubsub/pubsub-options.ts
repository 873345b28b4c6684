import { InvalidOptionError } from '../errors.js';
import { keyPrefixOf, type RedisClient } from '../redis/redis-client.js';
import { requireWhole, withoutUndefined } from '../streams/streams-options.js';

export interface RedisPubSubServerOptions {
  /** The client to duplicate: the server opens connections like this one, and neither uses nor closes it. */
  readonly client: RedisClient;
  /** The channels to subscribe to, published to with SPUBLISH. */
  readonly channels: readonly string[];
  /** How often the subscriptions are probed by a message to oneself. Default 3,000. */
  readonly probeIntervalMs?: number;
  /** A subscription that hears no probe for this long is opened again; at least two intervals. Default 9,000. */
  readonly probeTimeoutMs?: number;
  /** The most messages of one channel that wait for the handler; further ones are dropped. Default 10,000. */
  readonly maxQueued?: number;
  /** How long a stop waits for handlers that are at work. Default 5,000. */
  readonly drainMs?: number;
}

export type PubSubSettings = Required<Omit<RedisPubSubServerOptions, 'client'>>;

const DEFAULTS = { probeIntervalMs: 3000, probeTimeoutMs: 9000, maxQueued: 10_000, drainMs: 5000 };
const MAX_MS = 2 ** 31 - 1;

/** Defaults, then checks. Throws InvalidOptionError. */
export function toPubSubSettings(options: RedisPubSubServerOptions): PubSubSettings {
  const { client, ...given } = options;
  const settings = { ...DEFAULTS, ...withoutUndefined(given) };
  const { channels } = settings;
  if (channels.length === 0 || channels.includes('') || new Set(channels).size < channels.length) {
    throw new InvalidOptionError('channels', 'one or more different names', channels);
  }
  if (keyPrefixOf(client) !== '') {
    throw new InvalidOptionError('client.keyPrefix', 'empty', keyPrefixOf(client));
  }
  requireWhole('probeIntervalMs', settings.probeIntervalMs, 10, MAX_MS);
  requireWhole('probeTimeoutMs', settings.probeTimeoutMs, 2 * settings.probeIntervalMs, MAX_MS);
  requireWhole('maxQueued', settings.maxQueued, 1, 10_000_000);
  requireWhole('drainMs', settings.drainMs, 0, MAX_MS);
  return settings;
}
