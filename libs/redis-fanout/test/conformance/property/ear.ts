import type { Listening } from '../../../src/index.js';
import type { Process } from '../subject.js';
import type { Trial } from '../trial.js';
import type { Received } from '../ways.js';
import { bySource, type Entry, type Kept, type Model } from './model.js';

/** Listens for a recipient, and compares what is handed over with what should be. */
export class Ear {
  private heard: Received[] = [];
  private expected: Entry[] = [];
  private readonly early = new Set<string>();
  private readonly heardBefore = new Set<string>();
  private listening: Listening | undefined;

  constructor(
    private readonly trial: Trial,
    private readonly model: Model,
    private readonly recipient: string,
    readonly process: Process,
  ) {}

  async open(): Promise<void> {
    this.listening = await this.process.listen(this.recipient, async (message) => {
      // Acknowledged first: what was heard is done with.
      if (this.trial.capabilities.acknowledged) {
        await this.process.acknowledge(this.recipient, message.id);
      }
      this.heard.push(message);
    });
  }

  /** These were published before, and may still be on their way. */
  mayHear(entries: readonly Entry[]): void {
    for (const { id } of entries) this.early.add(id);
  }

  /** A message is published for the recipient. */
  expect(entry: Entry): void {
    this.expected.push(entry);
  }

  /** Waits until everything is heard that should be, and compares. */
  async settle(): Promise<void> {
    if (this.trial.capabilities.acknowledged) await this.settleTaken();
    else await this.settleLive();
    this.heard = [];
    this.expected = [];
  }

  async close(): Promise<void> {
    await this.settle();
    await this.listening?.close();
    expect(this.heard).toEqual([]);
  }

  private async settleTaken(): Promise<void> {
    const free = this.model.freeOf(this.recipient);
    await this.untilHeard(free);
    expect(bySource(this.heard)).toEqual(bySource(free));
    expectNextAttempts(this.heard, free);
    this.model.acknowledge(this.recipient, new Set(free.map(({ id }) => id)));
  }

  private async settleLive(): Promise<void> {
    await this.untilHeard(this.expected);
    const heard = this.heard.filter(({ id }) => !this.early.has(id));
    expect(bySource(heard)).toEqual(bySource(this.expected));
    for (const { id } of this.heard) {
      expect(this.heardBefore).not.toContain(id);
      this.heardBefore.add(id);
    }
  }

  private async untilHeard(entries: readonly Entry[]): Promise<void> {
    const heardAll = (): boolean => {
      const ids = new Set(this.heard.map(({ id }) => id));
      return entries.every(({ id }) => ids.has(id));
    };
    await this.trial.until(heardAll, `${this.recipient} heard everything`);
  }
}

/** What was handed out says how often it was. */
export function expectNextAttempts(messages: readonly Received[], kept: readonly Kept[]): void {
  const attempts = new Map(kept.map((one) => [one.id, one.attempts]));
  for (const { id, attempt } of messages) {
    const before = attempts.get(id);
    if (before !== undefined) expect(attempt).toBe(before + 1);
  }
}
