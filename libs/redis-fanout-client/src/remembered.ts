/** The last so many keys. */
export class Remembered {
  private readonly keys = new Set<string>();

  constructor(private readonly limit: number) {}

  has(key: string): boolean {
    return this.keys.has(key);
  }

  /** Adds a key that is not there; the oldest goes where there are too many. */
  add(key: string): void {
    this.keys.add(key);
    if (this.keys.size <= this.limit) return;
    // A set is in the order in which its members were added.
    for (const oldest of this.keys) {
      this.keys.delete(oldest);
      return;
    }
  }
}
