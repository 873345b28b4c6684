import type { Gap, Message } from './fanout-strategy.js';
import { LiveListener, MAX_QUEUED } from './live-listener.js';

const message = (n: number): Message<number> => ({
  id: String(n),
  source: 'ann',
  payload: n,
  publishedAtMs: n,
  attempt: 1,
});

describe('a live listener that is too slow', () => {
  it('is told of what it missed in its place, since the first of it was published, and goes on', async () => {
    const seen: (number | Gap)[] = [];
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const listener = new LiveListener<number>(
      async ({ payload }) => {
        await gate;
        seen.push(payload);
      },
      { onGap: (gap) => seen.push(gap) },
    );
    // One is with the handler; the queue takes so many more.
    for (let n = 0; n <= MAX_QUEUED + 5; n++) listener.push(message(n));
    open();
    while (seen.length < MAX_QUEUED + 2) await new Promise(setImmediate);
    listener.push(message(99_999));
    while (seen.length < MAX_QUEUED + 3) await new Promise(setImmediate);

    expect(seen.slice(-3)).toEqual([
      MAX_QUEUED,
      { sinceMs: MAX_QUEUED + 1, reason: 'the handler was too slow' },
      99_999,
    ]);
    await listener.close();
  });

  it('goes on though it is not well taken that something was missed', async () => {
    const [seen, errors]: unknown[][] = [[], []];
    const listener = new LiveListener<number>(({ payload }) => void seen?.push(payload), {
      onGap: () => {
        throw new Error('not well taken');
      },
      onError: (error) => errors?.push(error),
    });
    listener.tellGap({ sinceMs: 0, reason: 'a test' });
    listener.push(message(1));
    await listener.close();
    expect(errors).toHaveLength(1);
    expect(seen).toEqual([1]);
  });
});
