import { setTimeout as delay } from 'node:timers/promises';

import { Inject, Injectable } from '@nestjs/common';
import { LiveHub } from 'redis-fanout';
import { RedisPubSubServer } from 'redis-streams-transport';
import {
  type DrainContext,
  Lifecycle,
  Metrics,
  ProblemException,
  SETTINGS,
  storageUnavailable,
} from 'service-host';

import type { Config } from '../config.js';
import type { Session } from './session.js';

const KEEP_ALIVE_MS = 15_000;
/** How long a client that was sent away waits before it comes back. */
const RETRY_MS = 1000;
/** Connections are closed no slower than this at a shutdown, and within half of the time that is left. */
const MAX_CLOSE_GAP_MS = 20;
/** Timers are no finer than some milliseconds: of many connections several are closed at once. */
const CLOSE_TICK_MS = 20;
const RETRY_AFTER_SECONDS = 5;
const NOT_SUBSCRIBED_RETRY_SECONDS = 2;

/** A place among the connections, which is given back once. */
export type Place = () => void;

/** The connections of readers to this instance. */
@Injectable()
export class Connections {
  private readonly sessions = new Set<Session>();
  /** Of each reader, also those that are just being made. */
  private readonly counts = new Map<string, number>();
  private taken = 0;

  constructor(
    private readonly hub: LiveHub,
    private readonly live: RedisPubSubServer,
    private readonly lifecycle: Lifecycle,
    @Inject(SETTINGS) private readonly config: Config,
    metrics: Metrics,
  ) {
    lifecycle.onDrain((context) => this.drain(context));
    metrics.gauge({
      name: 'notifier_connections',
      help: 'Connections of readers',
      collect: (gauge) => {
        gauge.set(this.taken);
      },
    });
  }

  /**
   * Takes a place for a connection of a reader.
   *
   * @throws ProblemException where there are too many, or where this instance cannot serve now
   */
  admit(reader: string): Place {
    this.checkOpen();
    if (!this.live.isReady) {
      throw storageUnavailable(NOT_SUBSCRIBED_RETRY_SECONDS, new Error('not subscribed'));
    }
    const count = this.counts.get(reader) ?? 0;
    if (this.taken >= this.config.maxConnections) throw tooMany('this instance has as many as it takes');
    if (count >= this.config.maxConnectionsPerUser) {
      throw tooMany(`one user has at most ${this.config.maxConnectionsPerUser} connections to an instance`);
    }
    this.taken++;
    this.counts.set(reader, count + 1);
    let isFree = false;
    return () => {
      if (isFree) return;
      isFree = true;
      this.taken--;
      const left = (this.counts.get(reader) ?? 1) - 1;
      if (left === 0) this.counts.delete(reader);
      else this.counts.set(reader, left);
    };
  }

  /** @throws ProblemException where this instance is shutting down */
  checkOpen(): void {
    if (this.lifecycle.draining) throw tooMany('this instance is shutting down');
  }

  /**
   * Adds a session, and begins to tell it what happens to its reader once it is said since when: from now on, or since a
   * position. Once it resolves, nothing is missed.
   *
   * @throws StorageUnavailableError
   */
  async open(session: Session, place: Place, since: Promise<string | undefined>): Promise<void> {
    const { transport } = session;
    const timer = setInterval(() => {
      session.keepAlive();
    }, KEEP_ALIVE_MS);
    const forget = (): void => {
      clearInterval(timer);
      session.end();
      this.sessions.delete(session);
      place();
    };
    this.sessions.add(session);
    transport.onClosed(forget);
    // The drain may have passed it by.
    if (this.lifecycle.draining) transport.bye(RETRY_MS);
    try {
      session.follow(await this.hub.connect(session.reader, session, await since));
    } catch (error) {
      forget();
      throw error;
    }
  }

  /** Closes the connections one after the other, so that they do not all come to another instance at once. */
  private async drain({ deadline }: DrainContext): Promise<void> {
    const { size } = this.sessions;
    const ms = Math.min(size * MAX_CLOSE_GAP_MS, (deadline - Date.now()) / 2);
    const atOnce = Math.max(1, Math.ceil((size * CLOSE_TICK_MS) / Math.max(1, ms)));
    const closed: Promise<void>[] = [];
    for (const session of this.sessions) {
      closed.push(
        new Promise((resolve) => {
          session.transport.onClosed(resolve);
        }),
      );
      session.transport.bye(RETRY_MS);
      if (closed.length % atOnce === 0) await delay(CLOSE_TICK_MS);
    }
    await Promise.all(closed);
  }
}

function tooMany(detail: string): ProblemException {
  return new ProblemException('too-many-connections', { detail, retryAfterSeconds: RETRY_AFTER_SECONDS });
}
