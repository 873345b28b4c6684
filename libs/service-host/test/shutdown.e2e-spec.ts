import { EventEmitter } from 'node:events';
import { type Socket } from 'node:net';

import { Inject, Injectable, Module } from '@nestjs/common';

import {
  type ProcessHost,
  readSettings,
  runService,
  type RunOptions,
  serviceSettings,
  type ServiceSettings,
} from '../src/index.js';
import { ExampleModule, exampleDefinition, Knobs } from './example.app.js';
import { open, send, until } from './wire.js';

/** A process that a test can signal, and whose end it can see. */
class TestProcess extends EventEmitter {
  readonly exits: number[] = [];
  readonly env: Record<string, string> = { PORT: '0', REDIS_URL: 'redis://localhost' };

  exit(code: number): void {
    this.exits.push(code);
  }
}

const SEEN = Symbol('seen');

/** Records when its shutdown hooks run. */
@Injectable()
class Witness {
  readonly #seen: string[];
  readonly knobs: Knobs;

  constructor(@Inject(SEEN) seen: string[], knobs: Knobs) {
    this.#seen = seen;
    this.knobs = knobs;
  }

  onModuleDestroy(): void {
    this.#seen.push('destroy');
  }

  onApplicationShutdown(signal?: string): void {
    this.#seen.push(`shutdown ${String(signal)}`);
  }
}

describe('a process that runs a service', () => {
  let host: TestProcess;
  let lines: { msg: string; level: string; url?: string; problems?: string[] }[];
  let seen: string[];
  let knobs: Knobs | undefined;
  let sockets: Socket[];
  let release: () => void;
  let stopApp: () => Promise<void>;

  beforeEach(() => {
    host = new TestProcess();
    lines = [];
    seen = [];
    sockets = [];
    knobs = undefined;
    release = () => undefined;
    stopApp = () => Promise.resolve();
  });

  afterEach(async () => {
    release();
    for (const socket of sockets) {
      socket.destroy();
    }
    await stopApp();
  });

  const run = async (options: Partial<RunOptions<ServiceSettings>> = {}): Promise<string> => {
    @Module({ imports: [ExampleModule], providers: [Witness, { provide: SEEN, useValue: seen }] })
    class WitnessedModule {}
    await runService(
      {
        ...exampleDefinition,
        module: () => WitnessedModule,
        settings: (env) => readSettings(env, serviceSettings({ port: 3001 })),
        logDestination: { write: (text) => lines.push(JSON.parse(text) as (typeof lines)[number]) },
        configure: (app) => {
          stopApp = () => app.close();
          const example = app.get(Knobs);
          knobs = example;
          example.slow = new Promise((resolve) => (release = resolve));
        },
        ...options,
      },
      host as ProcessHost,
    );
    return lines.find(({ msg }) => msg === 'listening')?.url ?? '';
  };

  it('completes a request that is being answered, then exits with 0', async () => {
    const url = await run();
    const slow = send(url, '/slow');
    await until(() => knobs?.slowRequests === 1);
    host.emit('SIGTERM', 'SIGTERM');
    await until(() =>
      send(url, '/health/live').then(
        () => false,
        () => true,
      ),
    );
    expect(host.exits).toEqual([]);
    expect(seen).toEqual([]);
    release();
    const answer = await slow;
    expect(answer).toMatchObject({ status: 200, text: 'done' });
    expect(answer.headers.connection).toBe('close');
    await until(() => host.exits.length > 0);
    expect(host.exits).toEqual([0]);
    expect(seen).toEqual(['destroy', 'shutdown SIGTERM']);
    expect(knobs?.drained).toBe(1);
  });

  it('is red before it stops taking connections', async () => {
    const url = await run({ shutdown: { drainDelayMs: 60_000 } });
    host.emit('SIGTERM', 'SIGTERM');
    const answer = await send(url, '/health/ready');
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.text)).toMatchObject({
      error: { service: { status: 'down', message: 'draining' } },
    });
    host.emit('SIGTERM', 'SIGTERM');
    expect(host.exits).toEqual([143]);
  });

  it('does not wait for connections that are idle or were never used', async () => {
    const url = await run();
    sockets.push(await open(url), await open(url));
    sockets[0]!.write('GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n');
    await until(() => sockets[0]!.bytesRead > 0);
    const start = Date.now();
    host.emit('SIGTERM', 'SIGTERM');
    await until(() => host.exits.length > 0);
    expect(host.exits).toEqual([0]);
    expect(Date.now() - start).toBeLessThan(5_000);
  });

  it('exits at once on a second signal', async () => {
    const url = await run();
    const slow = send(url, '/slow').catch(() => undefined);
    await until(() => knobs?.slowRequests === 1);
    host.emit('SIGTERM', 'SIGTERM');
    host.emit('SIGINT', 'SIGINT');
    expect(host.exits).toEqual([130]);
    release();
    await slow;
    await until(() => host.exits.length > 1);
  });

  it('cuts what does not end in time, and exits with 1', async () => {
    const url = await run({ shutdown: { drainTimeoutMs: 50 } });
    const slow = send(url, '/slow');
    slow.catch(() => undefined);
    await until(() => knobs?.slowRequests === 1);
    host.emit('SIGTERM', 'SIGTERM');
    await expect(slow).rejects.toThrow(/hang up|reset/);
    await until(() => host.exits.length > 0);
    expect(host.exits).toEqual([1]);
    expect(seen).toEqual(['destroy', 'shutdown SIGTERM']);
    expect(lines.some(({ msg }) => msg.startsWith('not drained in time'))).toBe(true);
  });

  it.each(['uncaughtException', 'unhandledRejection'])('exits with 1 on an %s', async (event) => {
    await run();
    host.emit(event, new Error('nobody caught this'));
    expect(host.exits).toEqual([1]);
    expect(lines.at(-1)).toMatchObject({
      level: 'fatal',
      msg: event,
      err: { message: 'nobody caught this' },
    });
  });

  it('does not start with bad settings, and says all of them in one line', async () => {
    Object.assign(host.env, { PORT: 'x', REDIS_URL: '' });
    await run();
    expect(host.exits).toEqual([1]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'fatal',
      problems: [expect.stringMatching(/^PORT /), expect.stringMatching(/^REDIS_URL /)],
    });
  });

  it('does not start where a module fails, and says so in one line', async () => {
    @Module({
      providers: [{ provide: 'redis', useFactory: () => Promise.reject(new Error('Redis refused')) }],
    })
    class BrokenModule {}
    await run({ module: () => BrokenModule });
    expect(host.exits).toEqual([1]);
    expect(lines.map(({ msg }) => msg)).toEqual(['cannot start: Redis refused']);
  });

  it('exits at once on a signal while it starts', async () => {
    const starting = run();
    host.emit('SIGTERM', 'SIGTERM');
    expect(host.exits).toEqual([143]);
    await starting;
  });
});
