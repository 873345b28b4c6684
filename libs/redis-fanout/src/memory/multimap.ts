/** Any number of values for each key; a key without values is not kept. */
export class Multimap<Value> {
  private readonly sets = new Map<string, Set<Value>>();

  add(key: string, value: Value): void {
    const set = this.sets.get(key);
    if (set === undefined) this.sets.set(key, new Set([value]));
    else set.add(value);
  }

  delete(key: string, value: Value): void {
    const set = this.sets.get(key);
    if (set?.delete(value) === true && set.size === 0) this.sets.delete(key);
  }

  has(key: string): boolean {
    return this.sets.has(key);
  }

  /** The values of a key at this moment. */
  get(key: string): readonly Value[] {
    return [...(this.sets.get(key) ?? [])];
  }

  keys(): readonly string[] {
    return [...this.sets.keys()];
  }
}
