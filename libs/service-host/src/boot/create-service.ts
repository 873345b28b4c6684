import { type Server } from 'node:http';

import { type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';

import { createLogger, type LogDestination, type ServiceLogger } from '../logging/logger.js';
import { NestLogger } from '../logging/nest-logger.js';
import { HttpMetrics } from '../metrics/http-metrics.js';
import { Metrics } from '../metrics/metrics.js';
import { OpenApiDocument } from '../openapi/openapi-document.js';
import { type MapError } from '../problems/problem-mapping.js';
import { ProblemFilter } from '../problems/problem.filter.js';
import { isLoopback, type ServiceSettings } from '../settings/service-settings.js';
import { ValidationPipe } from '../validation/validation.pipe.js';
import { Connections } from './connections.js';
import { HostModule, type HostParts } from './host.module.js';
import { createHttpAdapter } from './http-adapter.js';
import { Lifecycle } from './lifecycle.js';
import { shutDown, type ShutdownTimes } from './shutdown.js';

/** What makes a service, apart from its settings. */
export interface ServiceDefinition<S extends ServiceSettings> {
  /** In logs, metrics and the OpenAPI document. */
  name: string;
  /** A sentence or more for the OpenAPI document; Markdown. */
  description?: string;
  version?: string;
  /** The app's module. The settings can be injected as well, with `@Inject(SETTINGS)`. */
  module: (settings: S) => Type | DynamicModule;
  /** Says which of the app's errors are problems, storage errors above all. */
  mapError?: MapError;
  /**
   * Runs before the modules' init hooks: WebSocket adapter, `connectMicroservice`. The microservices are started after
   * those hooks, and before listening.
   */
  configure?: (app: NestFastifyApplication, settings: S) => void | Promise<void>;
  shutdown?: ShutdownTimes;
}

/** A service that is listening. */
export interface Service {
  readonly app: NestFastifyApplication;
  /** `http://127.0.0.1:3001`, with the port that was really taken. */
  readonly url: string;
  readonly logger: ServiceLogger;
  /** Stops in order, as a signal does, but leaves the process alone. Resolves with the exit code. Once only. */
  stop: (signal?: string) => Promise<number>;
}

/** What {@link createService} needs. */
export interface CreateOptions<S extends ServiceSettings> extends ServiceDefinition<S> {
  settings: S;
  /** Where the log goes instead of stdout. */
  logDestination?: LogDestination;
  logger?: ServiceLogger;
}

/**
 * Starts a service in this process and waits until it listens. It touches nothing of the process (signals, exit), so
 * tests use it as it is, with `port: 0`.
 *
 * @throws whatever keeps it from starting. Where that is a provider NestJS calls no hook, so what others have opened may
 *   stay open: the process is to end then
 */
export async function createService<S extends ServiceSettings>(options: CreateOptions<S>): Promise<Service> {
  const { name, settings, logDestination } = options;
  const logger =
    options.logger ??
    createLogger({ name, level: settings.logLevel, ...(logDestination && { destination: logDestination }) });
  const parts = { settings, logger, lifecycle: new Lifecycle(), metrics: new Metrics(name, logger) };
  const app = await createApp(options, parts);
  const server = app.getHttpServer();
  const connections = new Connections(server);
  const url = await listen(app, connections, options);
  if (!isLoopback(settings.host)) {
    logger.warn({ host: settings.host }, 'no authentication: reachable from other machines');
  }
  logger.info({ url, host: settings.host }, 'listening');
  let stopped: Promise<number> | undefined;
  const target = { app, server, connections, lifecycle: parts.lifecycle, logger };
  return {
    app,
    url,
    logger,
    stop: (signal) => (stopped ??= shutDown(target, options.shutdown ?? {}, signal)),
  };
}

async function createApp<S extends ServiceSettings>(
  options: CreateOptions<S>,
  parts: HostParts,
): Promise<NestFastifyApplication> {
  const { logger, lifecycle, metrics } = parts;
  const adapter = createHttpAdapter({ logger, lifecycle, httpMetrics: new HttpMetrics(metrics) });
  const root = HostModule.around(options.module(options.settings), parts);
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    abortOnError: false,
    bodyParser: false,
    // Whatever is open when NestJS closes was given its time to end.
    forceCloseConnections: true,
    logger: new NestLogger(logger),
  });
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ProblemFilter(options.mapError));
  return app;
}

async function listen<S extends ServiceSettings>(
  app: NestFastifyApplication,
  connections: Connections,
  { name, description, version, settings, configure }: CreateOptions<S>,
): Promise<string> {
  const server: Server = app.getHttpServer();
  try {
    await configure?.(app, settings);
    app.get(OpenApiDocument).build(app, {
      title: name,
      ...(description !== undefined && { description }),
      ...(version !== undefined && { version }),
    });
    await app.init();
    // After the init hooks, so that no message is handled by a module that is not ready.
    await app.startAllMicroservices();
    connections.watchUpgrades(server);
    // Fastify would listen on every address that the name stands for, on servers that nobody can see.
    const host = settings.host === 'localhost' ? '127.0.0.1' : settings.host;
    await app.listen({ port: settings.port, host });
    return urlOf(server, host);
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
