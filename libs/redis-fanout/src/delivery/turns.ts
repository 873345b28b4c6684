interface Waiting {
  readonly weight: number;
  readonly go: () => void;
}

/** Lets work through as long as it weighs no more together than it may; the rest waits in line. Who calls bounds how much. */
export class Turns {
  private running = 0;
  private readonly waiting: Waiting[] = [];

  constructor(private readonly capacity: number) {}

  /** Work that weighs more than all may is let through alone. @throws what the work throws */
  async take<T>(weight: number, work: () => Promise<T>): Promise<T> {
    if (this.waiting.length === 0 && this.hasRoomFor(weight)) this.running += weight;
    else await new Promise<void>((go) => this.waiting.push({ weight, go }));
    try {
      return await work();
    } finally {
      this.running -= weight;
      this.letThrough();
    }
  }

  private hasRoomFor(weight: number): boolean {
    return this.running === 0 || this.running + weight <= this.capacity;
  }

  private letThrough(): void {
    for (
      let [next] = this.waiting;
      next !== undefined && this.hasRoomFor(next.weight);
      [next] = this.waiting
    ) {
      this.waiting.shift();
      this.running += next.weight;
      next.go();
    }
  }
}
