import { Audience } from './audience.js';
import { postOf } from './post.js';
import type { Listener } from './protocols/listener.js';

async function listening(readers: readonly string[]): Promise<{
  readonly audience: Audience;
  readonly listeners: Listener[];
}> {
  const listeners: Listener[] = [];
  const { audience } = await Audience.connect(
    async (_port, _reader, listener) => {
      listeners.push(listener);
      return Promise.resolve();
    },
    1,
    readers,
  );
  return { audience, listeners };
}

describe('an audience', () => {
  it('tells when everybody has had a post, and when each of them had', async () => {
    const { audience, listeners } = await listening(['a', 'b']);
    for (const n of [1, 2]) {
      listeners[1]?.post(postOf(n), 10 * n);
      listeners[0]?.post(postOf(n), 10 * n + 5);
      expect(await audience.received(n)).toEqual([10 * n, 10 * n + 5]);
    }
    expect(() => {
      audience.check([1, 2]);
    }).not.toThrow();
  });

  it('minds posts that somebody had twice, or not', async () => {
    const { audience, listeners } = await listening(['a', 'b']);
    listeners[0]?.post(postOf(1), 1);
    listeners[0]?.post(postOf(1), 2);
    await audience.received(1);
    expect(() => {
      audience.check([1]);
    }).toThrow('recipient 0 has had 2 messages');
  });

  it('waits no longer once a connection is lost', async () => {
    const { audience, listeners } = await listening(['a', 'b']);
    const received = audience.received(1);
    listeners[1]?.lost('it was closed');
    await expect(received).rejects.toThrow('b: it was closed');
    await expect(audience.received(2)).rejects.toThrow('b: it was closed');
  });
});
