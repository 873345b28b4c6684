/** Whether messages are to come in the order in which they were sent. */
export type Order = 'in order' | 'in any order';

/** What recipients have had, against what they were to have. */
export class Receipts {
  private readonly received: number[][];
  private count = 0;
  private expected = Infinity;
  private settle: (error?: Error) => void = () => undefined;
  private failure: Error | undefined;

  constructor(recipients: number) {
    this.received = Array.from({ length: recipients }, () => []);
  }

  add(recipient: number, n: number): void {
    this.received[recipient]?.push(n);
    if (++this.count >= this.expected) this.settle();
  }

  /** Nothing more is to be waited for. */
  fail(error: Error): void {
    this.failure ??= error;
    this.settle(error);
  }

  /**
   * Resolves when so many have arrived with all recipients.
   *
   * @throws Error where that takes too long, and what `fail` was called with
   */
  async until(count: number, timeoutMs = 60_000): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    if (this.count >= count) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`${this.count} of ${count} messages have arrived within ${timeoutMs} ms`));
      }, timeoutMs);
      this.expected = count;
      this.settle = (error) => {
        clearTimeout(timer);
        if (error === undefined) resolve();
        else reject(error);
      };
    });
  }

  /** @throws Error unless every recipient has had these, each once, and in this order where it is said */
  check(numbers: readonly number[], order: Order): void {
    for (const [recipient, received] of this.received.entries()) {
      checkNumbers(`recipient ${recipient}`, received, numbers, order);
    }
  }
}

/** @throws Error unless these are the numbers that were to come, each once */
export function checkNumbers(
  whose: string,
  received: readonly number[],
  numbers: readonly number[],
  order: Order,
): void {
  const sorted = order === 'in order' ? received : received.toSorted((a, b) => a - b);
  const wrong = sorted.length === numbers.length ? sorted.findIndex((n, i) => n !== numbers[i]) : 0;
  if (wrong === -1) return;
  throw new Error(
    `${whose} has had ${received.length} messages (${received.slice(0, 20).join(' ')} …) and not ${numbers.length} ` +
      `(${numbers.slice(0, 20).join(' ')} …), ${order}`,
  );
}
