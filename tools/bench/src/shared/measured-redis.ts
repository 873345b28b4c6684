import { type RedisServer, startRedis } from 'embedded-redis';
import { Redis } from 'ioredis';
import { connectRedis, type RedisClient } from 'redis-fanout';

import { whileRunning } from './on-demand.js';
import { pin } from './pinning.js';

/** What work has cost. */
export interface Cost {
  /** Processor time of the whole server, in microseconds. */
  readonly cpuUs: number;
  readonly seconds: number;
  /** Bytes that clients have sent and got. */
  readonly wireBytes: number;
}

/**
 * The bytes of all keys with what they hold, as `MEMORY USAGE` counts them. Left out are keys that Redis forgets within
 * ten minutes: they keep publishing from happening twice, and are no part of what is kept.
 */
const KEY_BYTES = `
local reply = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', 2000)
local bytes = 0
for _, key in ipairs(reply[2]) do
  local ttl = redis.call('PTTL', key)
  if ttl < 0 or ttl > 600000 then
    bytes = bytes + (redis.call('MEMORY', 'USAGE', key, 'SAMPLES', 0) or 0)
  end
end
return { reply[1], bytes }`;

/** As `npm start` and docker-compose set them; the README says so. */
const RECOMMENDED = { 'hash-max-listpack-value': '65536', 'set-max-intset-entries': '16384' };

/** A private Redis that can be asked what it costs, and be put back to how it was. */
export class MeasuredRedis {
  private readonly admin: Redis;

  private constructor(private readonly server: RedisServer) {
    this.admin = new Redis(server.port, '127.0.0.1');
  }

  /** Starts one, on a core of its own where there is one for it. It keeps nothing on disk by itself. */
  static async start(core: number | undefined): Promise<MeasuredRedis> {
    const server = await startRedis({ settings: { ...RECOMMENDED, 'enable-debug-command': 'local' } });
    if (core !== undefined) pin(server.pid, core);
    return new MeasuredRedis(server);
  }

  /** Its address, for other processes. */
  get url(): string {
    return this.server.url;
  }

  /** A connection as users of the library have it; who connects disconnects. */
  connect(): RedisClient {
    return connectRedis(this.server.url);
  }

  /** What the server spends while something is done, and what that answers. */
  async cost<T>(work: () => Promise<T>): Promise<Cost & { readonly value: T }> {
    const bytesBefore = await this.wireBytes();
    const cpuBefore = await this.cpuUs();
    const startedAt = performance.now();
    const value = await work();
    const seconds = (performance.now() - startedAt) / 1000;
    const cpuUs = (await this.cpuUs()) - cpuBefore;
    return { value, cpuUs, seconds, wireBytes: (await this.wireBytes()) - bytesBefore };
  }

  /** Of all keys, or of those that match a pattern. */
  async keyBytes(pattern = '*'): Promise<number> {
    let sum = 0;
    let cursor = '0';
    do {
      const [next, bytes] = (await this.admin.eval(KEY_BYTES, 0, cursor, pattern)) as [string, number];
      sum += bytes;
      cursor = next;
    } while (cursor !== '0');
    return sum;
  }

  /** Everything that the server has allocated, connections included. */
  async usedBytes(): Promise<number> {
    return Number(textIn(await this.admin.info('memory'), 'used_memory'));
  }

  /** The time that each command has taken so far by itself, in microseconds: without reading it and sending the answer. */
  async commandTimesUs(): Promise<Map<string, number>> {
    const answer = await this.admin.info('commandstats');
    const lines = answer.matchAll(/^cmdstat_([^:]+):calls=\d+,usec=(\d+)/gm);
    return new Map(Array.from(lines, ([, name = '', us]) => [name, Number(us)]));
  }

  /** Name and version of the server. */
  async version(): Promise<string> {
    const answer = await this.admin.info('server');
    const valkey = /^valkey_version:(\S+)/m.exec(answer)?.[1];
    return valkey === undefined ? `Redis ${textIn(answer, 'redis_version')}` : `Valkey ${valkey}`;
  }

  /** Remembers what is there, for `reset`. */
  async remember(): Promise<void> {
    await this.admin.save();
  }

  /** Puts all keys back to what was remembered; connections stay. */
  async reset(): Promise<void> {
    await this.admin.call('DEBUG', 'RELOAD', 'NOSAVE');
  }

  async stop(): Promise<void> {
    this.admin.disconnect();
    await this.server.stop();
  }

  private async wireBytes(): Promise<number> {
    const answer = await this.admin.info('stats');
    return Number(textIn(answer, 'total_net_input_bytes')) + Number(textIn(answer, 'total_net_output_bytes'));
  }

  private async cpuUs(): Promise<number> {
    const answer = await this.admin.info('cpu');
    return (Number(textIn(answer, 'used_cpu_user')) + Number(textIn(answer, 'used_cpu_sys'))) * 1e6;
  }
}

/** Does something with a private Redis, which is stopped then. */
export async function withRedis<T>(
  core: number | undefined,
  work: (redis: MeasuredRedis) => Promise<T>,
): Promise<T> {
  return whileRunning(await MeasuredRedis.start(core), work);
}

/** @throws Error where the answer of INFO does not say this */
function textIn(answer: string, name: string): string {
  const text = new RegExp(`^${name}:(\\S+)`, 'm').exec(answer)?.[1];
  if (text === undefined) throw new Error(`the server does not tell its ${name}`);
  return text;
}
