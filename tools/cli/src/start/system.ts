import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { assertFree, untilReady } from './ports.js';
import { type PrivateRedis, startPrivateRedis } from './redis.js';
import { type RunningService, startService } from './service.js';
import { addressOf, portOf, SERVICES, type ServiceName, type StartSettings, STOP_ORDER } from './settings.js';
import { Supervised } from './supervised.js';

/** Longer than the services themselves allow for their draining. */
const STOP_GRACE_MS = 40_000;

export interface SystemOptions {
  readonly settings: StartSettings;
  /** The folder that holds `apps/`. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Takes what this has to say. */
  readonly say: (line: string) => void;
  /** Takes the lines of the services' logs. */
  readonly log: (line: string) => void;
}

/**
 * A Redis (unless there is one already) and the four services on this machine. What ends by itself once the system is
 * ready is started again.
 */
export class LocalSystem {
  private readonly services = new Map<ServiceName, Supervised<RunningService>>();
  private readonly stopping = new AbortController();
  private redis: PrivateRedis | undefined;
  private guard: ChildProcess | undefined;
  private starting: Promise<void> = Promise.resolve();

  constructor(private readonly options: SystemOptions) {}

  /**
   * Resolves when every service is ready. After a failure everything that was started has to be stopped.
   *
   * @throws Error where a port is in use, or a service ends before it is ready
   */
  async start(): Promise<void> {
    this.starting = this.startAll();
    await this.starting;
  }

  /** Ends everything in order: each service gets the time to finish what it has taken. May be called at any time. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.starting.catch(() => undefined);
    for (const name of STOP_ORDER) await this.services.get(name)?.current.stop(STOP_GRACE_MS);
    await this.redis?.stop();
    this.guard?.kill('SIGKILL');
  }

  /** Ends the services at once; Redis goes with this process. */
  kill(): void {
    this.stopping.abort();
    for (const service of this.services.values()) service.current.kill();
    this.guard?.kill('SIGKILL');
  }

  private async startAll(): Promise<void> {
    const { settings, say } = this.options;
    await assertFree(SERVICES.map((name) => ({ port: portOf(name, settings), host: settings.host })));
    const redisUrl = settings.redisUrl ?? (await this.startRedis());
    this.stopping.signal.throwIfAborted();
    await Promise.all(SERVICES.map((name) => this.startFirst(name, redisUrl)));
    for (const service of this.services.values()) void service.keep();
    for (const name of SERVICES) say(`${name.padEnd(16)} ${addressOf(name, settings)}`);
  }

  private async startRedis(): Promise<string> {
    const { settings, say } = this.options;
    const redis = await startPrivateRedis(settings.dataDir);
    this.redis = redis;
    this.startGuard(redis);
    say(`${'redis'.padEnd(16)} ${redis.url} (data in ${settings.dataDir})`);
    const supervised = new Supervised({
      name: 'redis',
      first: redis,
      say,
      stopping: this.stopping.signal,
      startAgain: async () => {
        await redis.restart();
        this.guard?.send(redis.pid);
        return redis;
      },
    });
    void supervised.keep();
    return redis.url;
  }

  private startGuard(redis: PrivateRedis): void {
    const script = fileURLToPath(new URL('./redis-guard.js', import.meta.url));
    this.guard = spawn(process.execPath, [script], {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.guard.on('error', () => undefined);
    this.guard.send(redis.pid);
    this.guard.unref();
    this.guard.channel?.unref();
  }

  private async startFirst(name: ServiceName, redisUrl: string): Promise<void> {
    const { settings, root, env, log, say } = this.options;
    const launch = (): RunningService =>
      startService({
        name,
        script: join(root, 'apps', name, 'dist', 'main.js'),
        env: { ...env, REDIS_URL: redisUrl, HOST: settings.host, PORT: String(portOf(name, settings)) },
        onLine: log,
      });
    const first = launch();
    const stopping = this.stopping.signal;
    this.services.set(name, new Supervised({ name, first, startAgain: launch, say, stopping }));
    await untilReady(name, addressOf(name, settings), first.exited, stopping);
  }
}
