import { setImmediate } from 'node:timers/promises';

/** Connections that are written to, in all partitions, before everything else in the process gets its turn. */
const SLICE = 100;

/** Turns at telling connections: a post for many is no reason that others wait. All partitions share them. */
export class Slices {
  private left = SLICE;
  private turns: Promise<void> = Promise.resolve();

  /** To be asked before each connection that is told; what it answers is to be awaited first. */
  next(): Promise<void> | undefined {
    if (this.left-- > 0) return undefined;
    return (this.turns = this.turns.then(async () => {
      await setImmediate();
      this.left = SLICE;
    }));
  }
}
