import { BacklogFullError, InvalidOptionError } from '../errors.js';
import type { StartingPoint } from '../strategies/fanout-strategy.js';
import { Group } from './group.js';
import {
  formatPosition,
  parsePosition,
  type Position,
  Sequence,
  type StoredMessage,
} from './stored-message.js';

interface Entry extends StoredMessage {
  /** The one recipient whom it is for, where it is not for all. */
  readonly only?: string;
}

/** The messages of one source, and what its recipients have of them. */
export class SourceLog {
  private readonly entries: Entry[] = [];
  private readonly groups = new Map<string, Group>();
  private readonly sequence = new Sequence();

  constructor(private readonly source: string) {}

  get recipients(): readonly string[] {
    return [...this.groups.keys()];
  }

  /** Adds a message for all recipients; gives its id. @throws BacklogFullError */
  append(json: string, maxMessages: number): string {
    this.makeRoom(maxMessages);
    const entry = this.add(json);
    for (const group of this.groups.values()) group.put(entry);
    return entry.id;
  }

  /** Adds a message for one recipient. */
  appendFor(recipient: string, json: string): void {
    this.groups.get(recipient)?.put(this.add(json, recipient));
  }

  /** A new recipient, who has everything from a point on. */
  join(recipient: string, from: Position): Group {
    const group = new Group();
    this.groups.set(recipient, group);
    this.replay(recipient, from);
    return group;
  }

  leave(recipient: string): void {
    this.groups.delete(recipient);
  }

  replay(recipient: string, from: Position): void {
    const entries = this.entries.filter(({ only = recipient }) => only === recipient);
    this.groups.get(recipient)?.replay(entries, from);
  }

  private add(json: string, only?: string): Entry {
    const position = this.sequence.next();
    const id = formatPosition(position, this.source);
    const entry = { id, source: this.source, json, ...position, ...(only !== undefined && { only }) };
    this.entries.push(entry);
    return entry;
  }

  /** The oldest go, but none that somebody has not acknowledged. */
  private makeRoom(maxMessages: number): void {
    while (this.entries.length >= maxMessages) {
      const oldest = this.entries[0]?.id ?? '';
      if ([...this.groups.values()].some((group) => group.has(oldest))) {
        throw new BacklogFullError(this.entries.length);
      }
      this.entries.shift();
    }
  }
}

/** The position after which a recipient begins. @throws InvalidOptionError */
export function startingPosition(source: string, from: StartingPoint): Position {
  if (from === 'beginning') return { ms: -1, n: 0 };
  if (from === 'now') return { ms: Infinity, n: 0 };
  const position = parsePosition(from.after);
  if (position?.source !== source) throw new InvalidOptionError('from', `the id of a message of ${source}`);
  return position;
}
