/** Lets a loop sleep until it is woken, or for a time. */
export class Wakeable {
  private woken = false;
  private resolve: () => void = () => undefined;

  /** Ends the sleep, or the next one where nobody sleeps at this moment. */
  wake(): void {
    this.woken = true;
    this.resolve();
  }

  /** Forgets that it was woken: what it was woken for is being looked at. */
  begin(): void {
    this.woken = false;
  }

  async sleep(maxMs: number): Promise<void> {
    if (this.woken) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, maxMs);
      this.resolve = (): void => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
