import { Inbox } from './inbox.js';
import { type Held, isAfter, type Position, type StoredMessage } from './stored-message.js';

/** What a recipient has not acknowledged of one source, and what was handed out to it too often. */
export class Group extends Inbox {
  private readonly letters: Held[] = [];

  /** Goes to a point: everything after it anew; of what is before, only what was handed out and not acknowledged. */
  replay(entries: readonly StoredMessage[], from: Position): void {
    this.forget([...this.fresh()].map(({ message }) => message.id));
    for (const entry of entries) if (isAfter(entry, from)) this.put(entry);
  }

  get deadLetters(): readonly Held[] {
    return this.letters;
  }

  /** Makes a message a dead letter; the oldest one makes room. */
  bury(held: Held, at: Position, maxLetters: number): void {
    this.forget([held.message.id]);
    this.letters.push({ ...held, buriedAt: at });
    this.letters.splice(0, this.letters.length - maxLetters);
  }

  /** Takes a dead letter away. */
  exhume(id: string): StoredMessage | undefined {
    const index = this.letters.findIndex(({ message }) => message.id === id);
    return index < 0 ? undefined : this.letters.splice(index, 1)[0]?.message;
  }
}
