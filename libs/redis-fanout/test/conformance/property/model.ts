import type { Capabilities } from '../../../src/index.js';

/** A published message. */
export interface Entry {
  readonly id: string;
  readonly source: string;
}

/** A message that a recipient has not acknowledged. */
export interface Kept extends Entry {
  /** How often it was handed out; unknown after a replay. */
  attempts: number | undefined;
  held: boolean;
}

/** The plainest thing that could be right: what there is of every source, and what each recipient has of it. */
export class Model {
  private readonly logs = new Map<string, Entry[]>();
  private readonly keys = new Map<string, string>();
  private readonly subscriptions = new Map<string, Set<string>>();
  private readonly kept = new Map<string, Kept[]>();

  constructor(private readonly capabilities: Capabilities) {}

  logOf(source: string): readonly Entry[] {
    return this.logs.get(source) ?? [];
  }

  sourcesOf(recipient: string): ReadonlySet<string> {
    return this.subscriptions.get(recipient) ?? new Set();
  }

  /** What is not acknowledged, in order; of strategies where nothing is, nothing. */
  keptOf(recipient: string): readonly Kept[] {
    return this.kept.get(recipient) ?? [];
  }

  /** What can be taken. */
  freeOf(recipient: string): readonly Kept[] {
    return this.keptOf(recipient).filter(({ held }) => !held);
  }

  /** What reading shows, in the order of publishing. */
  readableBy(recipient: string): readonly Entry[] {
    if (this.capabilities.acknowledged) return this.keptOf(recipient);
    return [...this.sourcesOf(recipient)].flatMap((source) => this.logOf(source));
  }

  /** The id of the message that was published under a key. */
  publishedUnder(source: string, key: string): string | undefined {
    return this.keys.get(`${source} ${key}`);
  }

  publish(entry: Entry, key?: string): void {
    this.logs.set(entry.source, [...this.logOf(entry.source), entry]);
    if (key !== undefined) this.keys.set(`${entry.source} ${key}`, entry.id);
    for (const [recipient, sources] of this.subscriptions) {
      if (sources.has(entry.source)) this.keep(recipient, [entry], 0);
    }
  }

  /** Subscribes; the recipient gets what was published after the first `from` messages, where it can choose. */
  subscribe(recipient: string, source: string, from: number): void {
    if (this.sourcesOf(recipient).has(source)) return;
    this.subscriptions.set(recipient, new Set([...this.sourcesOf(recipient), source]));
    if (this.capabilities.lateSubscribers === 'any-point') {
      this.keep(recipient, this.logOf(source).slice(from), 0);
    }
  }

  unsubscribe(recipient: string, source: string): void {
    this.subscriptions.get(recipient)?.delete(source);
    if (this.capabilities.lateSubscribers !== 'from-now') this.forgetAllOf(recipient, source);
  }

  /** Messages were handed out, each with its attempt, and are held or lost again. */
  take(recipient: string, attempts: ReadonlyMap<string, number>, held: boolean): void {
    for (const kept of this.keptOf(recipient)) {
      const attempt = attempts.get(kept.id);
      if (attempt !== undefined) Object.assign(kept, { attempts: attempt, held });
    }
  }

  acknowledge(recipient: string, ids: ReadonlySet<string>): void {
    this.kept.set(
      recipient,
      this.keptOf(recipient).filter(({ id }) => !ids.has(id)),
    );
  }

  replay(recipient: string, source: string, from: number): void {
    this.forgetAllOf(recipient, source);
    this.keep(recipient, this.logOf(source).slice(from), undefined);
  }

  private keep(recipient: string, entries: readonly Entry[], attempts: number | undefined): void {
    const more = entries.map((entry) => ({ ...entry, attempts, held: false }));
    this.kept.set(recipient, [...this.keptOf(recipient), ...more]);
  }

  private forgetAllOf(recipient: string, source: string): void {
    this.kept.set(
      recipient,
      this.keptOf(recipient).filter((kept) => kept.source !== source),
    );
  }
}

/** Ids by source, in their order: between sources there is none. */
export function bySource(entries: readonly Entry[]): Record<string, string[]> {
  const ids: Record<string, string[]> = {};
  for (const { source, id } of entries) (ids[source] ??= []).push(id);
  return ids;
}
