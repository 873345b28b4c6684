/** So many breaks are kept before those that are no longer needed are let go. */
const MAX_BREAKS = 100_000;

/**
 * Finds the line of a file by the line of the request, which differ by what was skipped. Only the places where the
 * difference changes are kept, and of those only what the answer may still speak of.
 */
export class LineNumbers {
  private breaks: { readonly requestLine: number; readonly offset: number }[] = [];
  private last = 0;

  /** Notes that the next line of the request is line `fileLine` of the file; lines come in order. */
  add(fileLine: number): void {
    this.last++;
    const offset = fileLine - this.last;
    if (this.breaks.at(-1)?.offset !== offset) this.breaks.push({ requestLine: this.last, offset });
  }

  /** How many lines the request has so far. */
  get count(): number {
    return this.last;
  }

  /** How much is kept. */
  get breakCount(): number {
    return this.breaks.length;
  }

  /** The line of the file that went out as line `requestLine` of the request. */
  fileLineOf(requestLine: number): number {
    let low = 0;
    let high = this.breaks.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.breaks[middle]?.requestLine ?? 0) <= requestLine) low = middle;
      else high = middle - 1;
    }
    return requestLine + (this.breaks[low]?.offset ?? 0);
  }

  /** Lets go of what is needed for acknowledged lines alone, once there is much of it. */
  acknowledge(requestLine: number): void {
    if (this.breaks.length <= MAX_BREAKS) return;
    const needed = this.breaks.findLastIndex((each) => each.requestLine <= requestLine);
    if (needed > 0) this.breaks = this.breaks.slice(needed);
  }
}
