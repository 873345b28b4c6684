import { setTimeout as delay } from 'node:timers/promises';

import type { Capabilities } from '../../src/index.js';
import type { Place, Process, ProcessOptions, Subject } from './subject.js';

/** Something that a handler waits for. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

/** One run of a check, in a place of its own: its processes and gates end with it. */
export class Trial {
  readonly capabilities: Capabilities;
  readonly extremeName: string;
  private readonly place: Place;
  private readonly processes: Process[] = [];
  private readonly gates: Gate[] = [];

  /** Waiting for what must come is given up after `patienceMs`. */
  constructor(
    subject: Subject,
    private readonly patienceMs: number,
  ) {
    this.capabilities = subject.capabilities;
    this.extremeName = subject.extremeName;
    this.place = subject.place();
  }

  /** Another process in the same place. */
  async open(options?: ProcessOptions): Promise<Process> {
    const process = await this.place.open(options);
    this.processes.push(process);
    return process;
  }

  /** Of what is not kept subscriptions are those of one process; else they may be made in any other. */
  subscriber(elsewhere: Process, here: Process): Process {
    return this.capabilities.keptForAbsent ? elsewhere : here;
  }

  async openTwo(): Promise<[Process, Process]> {
    return [await this.open(), await this.open()];
  }

  async cutConnections(): Promise<void> {
    await this.place.cutConnections();
  }

  /** A gate that is shut, until it is opened or the check has ended. */
  gate(): Gate {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const gate = { opened, open };
    this.gates.push(gate);
    return gate;
  }

  /** Waits for something that must come, and gives up after the patience. */
  async until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const deadline = performance.now() + this.patienceMs;
    while (!(await condition())) {
      if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
      await delay(3);
    }
  }

  /** Lets the handlers go on that still wait, and ends the processes. */
  async end(): Promise<void> {
    for (const gate of this.gates) gate.open();
    await Promise.all(this.processes.map(async (process) => process.close()));
    await this.place.end();
  }
}
