import type { Redis } from 'ioredis';

import type { Gap, RedisClient } from '../../src/index.js';
import { type ChannelListener, Channels } from '../../src/redis/channels.js';
import { onCleanUp } from './faults.js';

/** Keeps what it is told. */
export class Ear implements ChannelListener {
  /** `<channel> <message>` */
  readonly heard: string[] = [];
  readonly gaps: (Gap & { readonly untilMs: number })[] = [];
  readonly errors: unknown[] = [];

  message(message: string, channel: string): void {
    this.heard.push(`${channel} ${message}`);
  }
  gap(gap: Gap): void {
    this.gaps.push({ ...gap, untilMs: Date.now() });
  }
  unavailable(error: unknown): void {
    this.errors.push(error);
  }
}

/** Channels until the end of the test; unless told otherwise they notice a silent Redis quickly. */
export function channelsOf(client: RedisClient, probeIntervalMs = 100): Channels {
  const channels = new Channels(client, { probeIntervalMs, probeTimeoutMs: 5 * probeIntervalMs });
  onCleanUp(() => {
    channels.close();
  });
  return channels;
}

/** How often a server was asked for something. */
export async function callsOf(node: Redis, command: string): Promise<number> {
  const stats = await node.info('commandstats');
  return Number(new RegExp(`^cmdstat_${command}:calls=(\\d+)`, 'm').exec(stats)?.[1] ?? 0);
}

/** Names of the connections for subscriptions that a server has. */
export async function connectionsOf(node: Redis): Promise<string[]> {
  const list = String(await node.client('LIST'));
  return list.match(/(?<= name=)redis-fanout:\S+/g) ?? [];
}
