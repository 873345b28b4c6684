import { Receipts } from './receipts.js';

function receiptsOf(...received: readonly (readonly number[])[]): Receipts {
  const receipts = new Receipts(received.length);
  for (const [recipient, numbers] of received.entries()) {
    for (const n of numbers) receipts.add(recipient, n);
  }
  return receipts;
}

describe('Receipts', () => {
  it('are in order where everyone has had everything once', () => {
    const receipts = receiptsOf([1, 2, 3], [1, 2, 3]);
    expect(() => {
      receipts.check([1, 2, 3], 'in order');
    }).not.toThrow();
  });

  it('may be in any order where none is said', () => {
    const receipts = receiptsOf([3, 1, 2]);
    expect(() => {
      receipts.check([1, 2, 3], 'in any order');
    }).not.toThrow();
    expect(() => {
      receipts.check([1, 2, 3], 'in order');
    }).toThrow('recipient 0 has had 3 messages (3 1 2 …) and not 3 (1 2 3 …), in order');
  });

  it.each([
    ['is missing', [1, 3]],
    ['is missing at the end', [1, 2]],
    ['came twice', [1, 2, 2, 3]],
    ['came instead of another', [1, 2, 2]],
    ['is a stranger', [1, 2, 4]],
    ['was none', []],
  ])('are not in order where one %s', (_, numbers) => {
    const receipts = receiptsOf([1, 2, 3], numbers);
    expect(() => {
      receipts.check([1, 2, 3], 'in any order');
    }).toThrow(`recipient 1 has had ${numbers.length} messages`);
  });

  it('are waited for', async () => {
    const receipts = receiptsOf([1], []);
    let isThere = false;
    const waiting = receipts.until(3).then(() => (isThere = true));
    receipts.add(1, 1);
    await Promise.resolve();
    expect(isThere).toBe(false);
    receipts.add(1, 2);
    await waiting;
    expect(isThere).toBe(true);
  });

  it('are not waited for for ever', async () => {
    await expect(receiptsOf([1]).until(2, 10)).rejects.toThrow('1 of 2 messages have arrived within 10 ms');
  });
});
