/** Has what shares a name done one after the other, in the order in which it comes, and the rest at the same time. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Does an action once all that came before it under one of the names is done; where one of those rejects, not at all. */
  async take<T>(names: readonly string[], action: () => Promise<T>): Promise<T> {
    const turn = Promise.all(names.map(async (name) => this.last.get(name))).then(action);
    for (const name of names) this.last.set(name, turn);
    return turn;
  }
}
