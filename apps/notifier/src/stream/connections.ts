import { setTimeout as delay } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';

import { Inject, Injectable } from '@nestjs/common';
import {
  type DrainContext,
  Lifecycle,
  LOGGER,
  Metrics,
  ProblemException,
  type ServiceLogger,
  SETTINGS,
} from 'service-host';

import type { Config } from '../config.js';
import { ConnectedReaders } from '../presence/connected-readers.js';
import { EVENT_STREAM, formatBye, KEEP_ALIVE } from './sse.js';

/** More than this waiting for a client, and its connection ends: it is too slow, and comes back. */
const MAX_WAITING_BYTES = 1024 * 1024;
const KEEP_ALIVE_MS = 15_000;
/** How long a client that was sent away waits before it comes back. */
const RETRY_MS = 1000;
/** Connections are closed no slower than this at a shutdown, and within half of the time that is left. */
const MAX_CLOSE_GAP_MS = 20;
const RETRY_AFTER_SECONDS = 5;

/** The connections of readers to this instance. */
@Injectable()
export class Connections {
  private readonly byReader = new Map<string, Set<ServerResponse>>();
  private readonly all = new Set<ServerResponse>();

  constructor(
    private readonly presence: ConnectedReaders,
    @Inject(SETTINGS) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: ServiceLogger,
    lifecycle: Lifecycle,
    metrics: Metrics,
  ) {
    lifecycle.onDrain((context) => this.drain(context));
    metrics.gauge({
      name: 'notifier_connections',
      help: 'Connections of readers',
      collect: (gauge) => {
        gauge.set(this.all.size);
      },
    });
  }

  /**
   * Adds a connection whose head is not sent yet. Once it resolves, whatever is delivered to the reader's timeline is
   * sent on it.
   *
   * @throws ProblemException where there are too many connections; StorageUnavailableError
   */
  async add(reader: string, response: ServerResponse): Promise<void> {
    if (this.all.size >= this.config.maxConnections) {
      throw new ProblemException('too-many-connections', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    if (response.destroyed) return;
    const connections = this.byReader.get(reader) ?? new Set();
    this.byReader.set(reader, connections.add(response));
    this.all.add(response);
    response.once('close', () => void this.remove(reader, response));
    try {
      await this.presence.attach(reader);
    } catch (error) {
      await this.remove(reader, response);
      throw error;
    }
  }

  /** Begins to answer, and keeps the connection seen to live. */
  start(response: ServerResponse): void {
    if (response.destroyed) return;
    response.writeHead(200, {
      'content-type': EVENT_STREAM,
      'cache-control': 'no-store',
      // Proxies that gather answers before they pass them on would hold everything back.
      'x-accel-buffering': 'no',
    });
    this.write(response, KEEP_ALIVE);
    const timer = setInterval(() => {
      this.write(response, KEEP_ALIVE);
    }, KEEP_ALIVE_MS);
    response.once('close', () => {
      clearInterval(timer);
    });
  }

  /** Sends a text to every connection of a reader. */
  send(reader: string, text: string): void {
    for (const response of this.byReader.get(reader) ?? []) this.write(response, text);
  }

  /** Sends a text to every connection. */
  broadcast(text: string): void {
    for (const response of this.all) this.write(response, text);
  }

  private write(response: ServerResponse, text: string): void {
    if (!response.headersSent || response.writableEnded) return;
    if (response.writableLength > MAX_WAITING_BYTES) {
      this.logger.warn({ waitingBytes: response.writableLength }, 'a slow client is closed');
      response.destroy();
      return;
    }
    response.write(text);
  }

  private async remove(reader: string, response: ServerResponse): Promise<void> {
    this.all.delete(response);
    const connections = this.byReader.get(reader);
    if (connections?.delete(response) !== true || connections.size > 0) return;
    this.byReader.delete(reader);
    await this.presence.detach(reader);
  }

  /** Closes the connections one after the other, so that they do not all come to another instance at once. */
  private async drain({ deadline }: DrainContext): Promise<void> {
    const gapMs = Math.min(MAX_CLOSE_GAP_MS, (deadline - Date.now()) / 2 / Math.max(1, this.all.size));
    const closed = [...this.all].map(
      (response) =>
        new Promise((resolve) => {
          response.once('close', resolve);
        }),
    );
    for (const response of [...this.all]) {
      if (response.headersSent) response.end(formatBye(RETRY_MS));
      else response.destroy();
      await delay(gapMs);
    }
    await Promise.all(closed);
  }
}
