import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { type RedisServer, startRedis } from 'embedded-redis';
import { Redis } from 'ioredis';

import { type DataLock, lockDataDir, type RedisMark } from './lock.js';
import { isAlive } from './process-mark.js';
import { SettingError } from './settings.js';

/** Long enough to read a large log of commands from the disk. */
const START_TIMEOUT_MS = 600_000;
const ORPHAN_TIMEOUT_MS = 30_000;
const SETTINGS = {
  save: '',
  appendonly: 'yes',
  appendfsync: 'everysec',
  // Evicting would drop posts that were accepted.
  'maxmemory-policy': 'noeviction',
  // Hashes and sets of decimal ids take a fraction of the memory while they are stored packed.
  'hash-max-listpack-value': '65536',
  'set-max-intset-entries': '16384',
};

/** The private Redis of a data folder. */
export interface PrivateRedis {
  readonly url: string;
  readonly pid: number;
  /** Resolves when the process is gone. */
  readonly exited: Promise<unknown>;
  /** Starts it again on the same port with the same data, after it went by itself. */
  restart(): Promise<void>;
  /** Ends it, and gives the data folder back. */
  stop(): Promise<void>;
}

/**
 * Starts a Redis that keeps its data in `dataDir`, and finds there what an earlier one kept.
 *
 * @throws SettingError where another process works on the same folder
 */
export async function startPrivateRedis(dataDir: string): Promise<PrivateRedis> {
  const lock = lockDataDir(dataDir);
  try {
    const dir = join(dataDir, 'redis');
    mkdirSync(dir, { recursive: true });
    if (lock.orphan !== undefined) await endOrphan(lock.orphan, dir);
    return new LockedRedis(dir, lock, await launch(dir, lock));
  } catch (error) {
    lock.release();
    throw error;
  }
}

class LockedRedis implements PrivateRedis {
  constructor(
    private readonly dir: string,
    private readonly lock: DataLock,
    private server: RedisServer,
  ) {}

  get url(): string {
    return this.server.url;
  }

  get pid(): number {
    return this.server.pid;
  }

  get exited(): Promise<unknown> {
    return this.server.exited;
  }

  async restart(): Promise<void> {
    this.server = await launch(this.dir, this.lock, this.server.port);
  }

  async stop(): Promise<void> {
    await this.server.stop();
    this.lock.release();
  }
}

async function launch(dir: string, lock: DataLock, port?: number): Promise<RedisServer> {
  const server = await startRedis({
    dir,
    settings: SETTINGS,
    startTimeoutMs: START_TIMEOUT_MS,
    detached: true,
    ...(port === undefined ? {} : { port }),
  });
  lock.noteRedis(server.pid, server.port);
  return server;
}

/**
 * Two servers on the same files would destroy them, so one that outlived its starter is ended first.
 *
 * @throws SettingError where it does not go
 */
async function endOrphan(mark: RedisMark, dir: string): Promise<void> {
  if (!isAlive(mark) || !(await listens(mark.port))) return;
  const client = new Redis(mark.port, '127.0.0.1', {
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
    commandTimeout: ORPHAN_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const [, found] = await client.config('GET', 'dir');
    // Somebody else's server may have got the port since.
    if (found !== dir) return;
    // The connection closes as it goes, so an answer is not to be had.
    await client.shutdown().catch(() => undefined);
    await untilClosed(mark);
  } catch (error) {
    throw new SettingError(
      `the Redis of an earlier start (process ${mark.pid}) has the data and does not answer`,
      {
        cause: error,
      },
    );
  } finally {
    client.disconnect();
  }
}

/** A server closes its port when everything is on the disk. */
async function untilClosed(mark: RedisMark): Promise<void> {
  const deadline = Date.now() + ORPHAN_TIMEOUT_MS;
  while (await listens(mark.port)) {
    if (Date.now() > deadline) throw new Error(`port ${mark.port} stays open`);
    await delay(20);
  }
}

async function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
