import type { Process } from '../subject.js';
import type { Trial } from '../trial.js';
import { Ear } from './ear.js';
import { type Entry, Model } from './model.js';
import { RECIPIENTS, SOURCES } from './steps.js';

/** Two processes of a strategy, a model of what they do, and those who listen. */
export class World {
  readonly model: Model;
  private readonly ears = new Map<string, Ear>();
  private payloads = 0;

  private constructor(
    readonly trial: Trial,
    private readonly processes: Process[],
  ) {
    this.model = new Model(trial.capabilities);
  }

  static async begin(trial: Trial): Promise<World> {
    return new World(trial, await trial.openTwo());
  }

  process(by: number): Process {
    return this.processes[by]!;
  }

  /** Where a subscription is to be made: of what is not kept it is one of a process. */
  subscribers(by: number): readonly Process[] {
    return this.trial.capabilities.keptForAbsent ? [this.process(by)] : this.processes;
  }

  newPayload(): string {
    return `message ${++this.payloads}`;
  }

  /** Notes what was published, for the model and for who listens. */
  note(entry: Entry, key?: string): void {
    this.model.publish(entry, key);
    for (const [recipient, ear] of this.ears) {
      if (this.model.sourcesOf(recipient).has(entry.source)) ear.expect(entry);
    }
  }

  /** Notes that a recipient begins with a source. */
  noteSubscription(recipient: string, source: string, after: number): void {
    this.ears.get(recipient)?.mayHear(this.model.logOf(source));
    this.model.subscribe(recipient, source, after);
  }

  /** Waits until who listens for a recipient has heard everything. */
  async settle(recipient: string): Promise<void> {
    await this.ears.get(recipient)?.settle();
  }

  /** Listens for a recipient, unless somebody does. */
  async listen(recipient: string, by: number): Promise<void> {
    if (this.ears.has(recipient)) return;
    const ear = new Ear(this.trial, this.model, recipient, this.process(by));
    for (const source of SOURCES) ear.mayHear(this.model.logOf(source));
    await ear.open();
    this.ears.set(recipient, ear);
  }

  async stopListening(recipient: string): Promise<void> {
    await this.ears.get(recipient)?.close();
    this.ears.delete(recipient);
  }

  /** Ends a process, and begins another one in its place. */
  async restart(by: number): Promise<void> {
    const old = this.process(by);
    for (const [recipient, ear] of this.ears) if (ear.process === old) await this.stopListening(recipient);
    await old.close();
    const fresh = (this.processes[by] = await this.trial.open());
    if (this.trial.capabilities.keptForAbsent) return;
    for (const recipient of RECIPIENTS) {
      for (const source of this.model.sourcesOf(recipient)) await fresh.subscribe(recipient, source);
    }
  }
}
