import { setTimeout as delay } from 'node:timers/promises';

import type { DeliveryHistory } from '../lua/read-deliveries.js';
import type { NotifierState } from '../lua/renew-notifier.js';
import type { History, ToTell } from './history.js';
import type { LiveConnection } from './live-connection.js';
import { LiveConnections } from './live-connections.js';
import type { LiveEvent } from './live-event.js';
import { BEGINNING, formatPosition, isBefore, parsePosition } from './position.js';
import type { Slices } from './slices.js';
import { ToldCount } from './told-count.js';

/** What was told and is not passed on yet: beyond it is forgotten, and read from the history. */
const MAX_WAITING = 10_000;
/** Events whose posts are looked up at once. */
const MAX_LOOK_UP = 100;
const MAX_BACKOFF_MS = 1000;

/**
 * What happens in one partition, on its way to the connections here. A connection that is not live reads the history until
 * it is at its end; then it is told what the notifier is told. All goes through one loop, so between the two nothing is
 * missed: what was told while a page was read waits, and what of it was on that page is known by its place.
 */
export class LivePartition {
  private readonly connections: LiveConnections;
  private readonly behind = new Set<LiveConnection>();
  private waiting: LiveEvent[] = [];
  private readonly heard = new ToldCount();
  /** Where the reading of the history is, which goes on to its end before it begins anew for others. */
  private sweep: { after: string | undefined } | undefined;
  /** Why nobody is told anything now: each has to end. */
  private suspensions = 0;
  /** Up to where everything was told, once so much was heard. */
  private mark: NotifierState | undefined;
  private running: Promise<void> | undefined;
  private closed = false;
  private losses = 0;

  constructor(
    private readonly history: History,
    slices: Slices,
    private readonly onError: (error: unknown) => void,
  ) {
    this.connections = new LiveConnections(slices);
  }

  /** The last place there is now. @throws StorageUnavailableError */
  async end(): Promise<string> {
    return (await this.history.read(undefined)).last;
  }

  add(connection: LiveConnection): void {
    this.connections.add(connection);
  }

  /** The connection's reader is known to be connected: what happens from now on is told to the notifier. */
  begin(connection: LiveConnection): void {
    if (connection.isClosed) return;
    connection.hasBegun = true;
    this.behind.add(connection);
    this.wake();
  }

  remove(connection: LiveConnection): void {
    connection.isClosed = true;
    this.behind.delete(connection);
    this.connections.remove(connection);
  }

  hasReader(reader: string): boolean {
    return this.connections.hasReader(reader);
  }

  /** Somebody takes more of the history again. */
  goOn(): void {
    this.wake();
  }

  /** Takes what the notifier was told. */
  hear(event: LiveEvent): void {
    if (this.waiting.length >= MAX_WAITING) this.lose();
    this.waiting.push(event);
    if (!this.heard.follows(event)) this.lose();
    this.wake();
  }

  /** Something may have been missed: all connections are read up. */
  lose(): void {
    this.losses++;
    this.heard.forget();
    this.mark = undefined;
    this.sweep = undefined;
    this.waiting = [];
    for (const connection of this.connections.begun()) {
      connection.isLive = false;
      this.behind.add(connection);
    }
    this.wake();
  }

  /** From now on nobody is told anything, as the notifier may not be told all. */
  suspend(): void {
    this.suspensions++;
    this.lose();
  }

  /** All is told again: everybody reads the history, and goes on. */
  resume(): void {
    this.suspensions = Math.max(0, this.suspensions - 1);
    this.lose();
  }

  /** Takes note of how the notifier stands: what it was told since the last time has come here by now, or is lost. */
  note(state: NotifierState): void {
    if (this.mark !== undefined && this.heard.isBelow(this.mark.told)) this.lose();
    this.mark = state;
    this.wake();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.waiting = [];
    await this.running;
  }

  private wake(): void {
    this.running ??= this.run();
  }

  private async run(): Promise<void> {
    // What comes in the same turn is dealt with together.
    await Promise.resolve();
    for (let failures = 0; this.hasWork;) {
      try {
        if (this.isAnyBehind) await this.catchUp();
        if (this.waiting.length > 0) await this.passOn(this.waiting.splice(0, MAX_LOOK_UP));
        failures = 0;
      } catch (error) {
        // What was being passed on is read from the history.
        this.lose();
        if (failures++ === 0) this.onError(error);
        await delay(Math.min(20 * 2 ** failures, MAX_BACKOFF_MS));
      }
    }
    this.advance();
    // Not later: who wakes it from now on finds it ended.
    this.running = undefined;
  }

  private get hasWork(): boolean {
    return !this.closed && this.suspensions === 0 && (this.isAnyBehind || this.waiting.length > 0);
  }

  /** Whether somebody is behind who takes more. */
  private get isAnyBehind(): boolean {
    for (const connection of this.behind) if (connection.isReady) return true;
    return false;
  }

  /** Reads a page of the history for those who are behind. */
  private async catchUp(): Promise<void> {
    const ready = [...this.behind].filter(({ isReady }) => isReady);
    this.sweep ??= { after: oldest(ready) };
    const { after } = this.sweep;
    // Those further behind have the next sweep, else they could keep this one from its end for ever.
    const connections = new Set(ready.filter(({ place }) => !isFurtherBehind(place, after)));
    if (connections.size === 0) {
      this.sweep = undefined;
      return;
    }
    for (const connection of connections) connection.isHeld = false;
    const { losses } = this;
    const history = await this.history.read(after);
    // What was lost meanwhile may be the count itself.
    if (this.losses === losses) this.countFrom(history);
    this.placeThose(connections, history);
    await this.tellEvents(connections, history);
    const isEnd = history.events.length < this.history.pageSize;
    const upTo = isEnd ? history.last : (history.events.at(-1)?.place ?? history.last);
    for (const connection of connections) {
      // Those who were told a part of the page go on from there.
      if (connection.isHeld) continue;
      connection.advance(upTo);
      // What was missed since the page was read is on none yet.
      if (!isEnd || this.losses !== losses || !this.behind.delete(connection)) continue;
      connection.goLive(this.positionOf(connection.place ?? upTo));
    }
    if (this.losses === losses) this.sweep = isEnd ? undefined : { after: upTo };
  }

  /** What was told meanwhile counts on from there. */
  private countFrom(history: DeliveryHistory): void {
    if (!this.heard.goOnFrom(history)) return;
    if (!this.waiting.every((event) => this.heard.follows(event))) this.lose();
  }

  /** Connections that begin now begin at the end; those whose place is not in the history do, too, but are told. */
  private placeThose(connections: ReadonlySet<LiveConnection>, history: DeliveryHistory): void {
    const { last } = history;
    for (const connection of connections) {
      const { place } = connection;
      if (connection.isLost || (place !== undefined && !isIn(history, place))) {
        connection.isLost = false;
        connection.tell(last, { event: 'resync', position: this.positionOf(last), data: {} });
      } else if (place === undefined) connection.advance(last);
    }
  }

  private async tellEvents(
    connections: ReadonlySet<LiveConnection>,
    { events }: DeliveryHistory,
  ): Promise<void> {
    if (events.length === 0) return;
    const readers = new Set([...connections].map(({ reader }) => reader));
    const audiences = await this.history.audiences(events, [...readers]);
    const happenings = events
      .map((event) => ({
        ...event,
        readers: [...(audiences.get(event) ?? [])].filter((name) => readers.has(name)),
      }))
      .filter(({ readers: concerned }) => concerned.length > 0);
    await this.tellAll(happenings, (connection) => connections.has(connection));
  }

  private async passOn(events: readonly LiveEvent[]): Promise<void> {
    const happenings = events.flatMap(({ event, kind, id, readers }) => {
      const place = parsePosition(event)?.place;
      const concernsSomebody = readers.some((reader) => this.hasReader(reader));
      return place === undefined || !concernsSomebody ? [] : [{ place, kind, id, readers }];
    });
    await this.tellAll(joined(happenings), (connection) => connection.isLive);
  }

  private async tellAll(
    happenings: readonly ToTell[],
    isToBeTold: (connection: LiveConnection) => boolean,
  ): Promise<void> {
    await this.connections.tell(happenings, await this.history.updates(happenings), isToBeTold);
  }

  /** Moves connections on that nothing has concerned for a while, so that the history does not leave them behind. */
  private advance(): void {
    if (this.mark === undefined || !this.heard.hasReached(this.mark.told)) return;
    for (const connection of this.connections.begun())
      if (connection.isLive) connection.advance(this.mark.last);
    this.mark = undefined;
  }

  private positionOf(place: string): string {
    return formatPosition({ partition: this.history.partition, place });
  }
}

/** What is told of one event to many readers comes in several messages. */
function joined(happenings: readonly ToTell[]): ToTell[] {
  const byPlace = new Map<string, ToTell>();
  for (const happening of happenings) {
    const { readers = [] } = byPlace.get(happening.place) ?? {};
    byPlace.set(happening.place, { ...happening, readers: [...readers, ...happening.readers] });
  }
  return [...byPlace.values()];
}

/** Whether all that came after a place is in the history. */
function isIn({ last, first, isWhole }: DeliveryHistory, place: string): boolean {
  if (isBefore(last, place)) return false;
  return !isBefore(place, first) || (isWhole && place === BEGINNING);
}

function isFurtherBehind(place: string | undefined, after: string | undefined): boolean {
  return place !== undefined && (after === undefined || isBefore(place, after));
}

/** Where the one that is furthest behind is; undefined where all begin now. */
function oldest(connections: Iterable<LiveConnection>): string | undefined {
  let least: string | undefined;
  for (const { place } of connections) {
    if (place !== undefined && (least === undefined || isBefore(place, least))) least = place;
  }
  return least;
}
