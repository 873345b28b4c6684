import type { ToTell } from './history.js';
import type { LiveConnection } from './live-connection.js';
import type { LiveUpdate } from './live-update.js';
import type { Slices } from './slices.js';

/** The connections of the readers of one partition. */
export class LiveConnections {
  private readonly ofReaders = new Map<string, Set<LiveConnection>>();

  constructor(private readonly slices: Slices) {}

  add(connection: LiveConnection): void {
    const { reader } = connection;
    this.ofReaders.set(reader, (this.ofReaders.get(reader) ?? new Set()).add(connection));
  }

  remove(connection: LiveConnection): void {
    const ofReader = this.ofReaders.get(connection.reader);
    if (ofReader?.delete(connection) === true && ofReader.size === 0)
      this.ofReaders.delete(connection.reader);
  }

  hasReader(reader: string): boolean {
    return this.ofReaders.has(reader);
  }

  /** Those whose readers are known to be connected. */
  *begun(): Generator<LiveConnection> {
    for (const ofReader of this.ofReaders.values()) {
      for (const connection of ofReader) if (connection.hasBegun) yield connection;
    }
  }

  /** Tells those whom something concerns, and who want it still. There is an update for each happening, or nothing. */
  async tell(
    happenings: readonly ToTell[],
    updates: readonly (LiveUpdate | undefined)[],
    isToBeTold: (connection: LiveConnection) => boolean,
  ): Promise<void> {
    for (const [i, { place, readers }] of happenings.entries()) {
      const update = updates[i];
      if (update === undefined) continue;
      for (const reader of readers) {
        for (const connection of this.ofReaders.get(reader) ?? []) {
          const turn = this.slices.next();
          if (turn !== undefined) await turn;
          if (!connection.wants(place) || !isToBeTold(connection)) continue;
          if (connection.isLive || connection.takesMore()) connection.tell(place, update);
        }
      }
    }
  }
}
