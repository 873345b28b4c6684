import { Pause } from './pause.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A wait, with whether it is over. */
function begin(pause: Pause, delayMs: number, askedMs = 0): { isOver: boolean } {
  const wait = { isOver: false };
  void pause.wait({ delayMs, askedMs }).then(() => (wait.isOver = true));
  return wait;
}

describe('a pause', () => {
  it('is as long as it was to be', async () => {
    const wait = begin(new Pause(), 1000);
    await jest.advanceTimersByTimeAsync(999);
    expect(wait.isOver).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(wait.isOver).toBe(true);
  });

  it('can be cut short', async () => {
    const pause = new Pause();
    const wait = begin(pause, 1000);
    pause.shorten();
    await jest.advanceTimersByTimeAsync(0);
    expect(wait.isOver).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is not cut short below what the server asked for, however often, and whatever the clock does', async () => {
    const pause = new Pause();
    const wait = begin(pause, 1000, 600);
    await jest.advanceTimersByTimeAsync(100);
    pause.shorten();
    pause.shorten();
    await jest.advanceTimersByTimeAsync(499);
    expect(wait.isOver).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(wait.isOver).toBe(true);

    const another = begin(pause, 1000, 600);
    jest.setSystemTime(Date.now() - 3_600_000);
    pause.shorten();
    await jest.advanceTimersByTimeAsync(600);
    expect(another.isOver).toBe(true);
  });

  it('ends at once where it is ended, and leaves no timer', async () => {
    const pause = new Pause();
    const wait = begin(pause, 1000, 600);
    pause.end();
    await jest.advanceTimersByTimeAsync(0);
    expect(wait.isOver).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('that is not, cannot be cut short or ended', () => {
    const pause = new Pause();
    pause.shorten();
    pause.end();
    expect(jest.getTimerCount()).toBe(0);
  });
});
