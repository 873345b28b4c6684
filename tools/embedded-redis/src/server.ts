import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { findRedisExecutable } from './executable.js';

export interface RedisServerOptions {
  /** The TCP port on loopback; a free one unless given. */
  readonly port?: number;
  /** Where the server keeps its files; a temporary folder that `stop` removes unless given. */
  readonly dir?: string;
  /** Settings as in redis.conf, each name with its value. They win over the defaults. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How long to wait for the first answer. */
  readonly startTimeoutMs?: number;
  /** Gives it a process group of its own, which Ctrl-C at the terminal does not reach: `stop` alone ends it. */
  readonly detached?: boolean;
}

export interface RedisServer {
  readonly port: number;
  /** `redis://127.0.0.1:<port>` */
  readonly url: string;
  readonly pid: number;
  /** Resolves with the exit code (null where a signal ended it) when the process is gone. */
  readonly exited: Promise<number | null>;
  /** Sends a signal to the process, for tests of faults. */
  signal(name: NodeJS.Signals): void;
  /** Ends the server (saving what it is set to save) and resolves when it is gone. May be called twice. */
  stop(): Promise<void>;
}

const DEFAULTS = {
  bind: '127.0.0.1',
  save: '',
  appendonly: 'no',
  daemonize: 'no',
  'maxmemory-policy': 'noeviction',
};
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a Redis (or Valkey) server of one's own on loopback and resolves when it answers.
 *
 * @throws Error where no server is installed, or where it ends before it answers; with the end of its log.
 */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const executable = findRedisExecutable();
  if (executable === undefined) throw new Error('neither redis-server nor valkey-server is on the PATH');
  // A free port may be taken between the look and the bind, so the choice is made again.
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    try {
      return await launch(executable, port, options);
    } catch (error) {
      if (options.port !== undefined || attempt === 5) throw error;
    }
  }
}

async function launch(executable: string, port: number, options: RedisServerOptions): Promise<RedisServer> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'redis-'));
  const settings = { ...DEFAULTS, ...options.settings, port: String(port), dir };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(executable, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.detached ?? false,
  });
  running.add(child);
  let log = '';
  const keepLog = (chunk: Buffer): void => {
    log = (log + chunk.toString()).slice(-4000);
  };
  child.stdout.on('data', keepLog);
  child.stderr.on('data', keepLog);
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      running.delete(child);
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
      resolve(code);
    });
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  const ended = new AbortController();
  void exited.then((code) => {
    ended.abort(new Error(`${executable} ended with code ${code} before it answered:\n${log}`));
  });
  try {
    await answers(port, options.startTimeoutMs ?? 30_000, ended.signal);
  } catch (error) {
    await stop();
    throw error;
  }
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${executable} did not start`);
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    pid,
    exited,
    signal: (name) => void child.kill(name),
    stop,
  };
}

/** Resolves when the server takes commands: a PING is answered, and no data set is still being loaded. */
async function answers(port: number, timeoutMs: number, ended: AbortSignal): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    ended.throwIfAborted();
    if ((await ping(port)).startsWith('+PONG')) return;
    if (Date.now() > deadline) throw new Error(`no answer on port ${port} within ${timeoutMs} ms`);
    await delay(10);
  }
}

async function ping(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'));
    socket.once('data', (reply) => {
      socket.destroy();
      resolve(reply.toString());
    });
    socket.once('error', () => {
      resolve('');
    });
    socket.once('close', () => {
      resolve('');
    });
  });
}

/** A port on loopback that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
