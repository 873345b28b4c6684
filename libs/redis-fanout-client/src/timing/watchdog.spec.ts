import { Watchdog } from './watchdog.js';

let barks: number;
let watchdog: Watchdog;
beforeEach(() => {
  jest.useFakeTimers();
  barks = 0;
  watchdog = new Watchdog(() => (barks += 1));
});
afterEach(() => {
  watchdog.stop();
  jest.useRealTimers();
});

describe('the watchdog', () => {
  it('barks once, a fifth of the time late at most', () => {
    watchdog.start(1000);
    jest.advanceTimersByTime(999);
    expect(barks).toBe(0);
    jest.advanceTimersByTime(10_000);
    expect(barks).toBe(1);
  });

  it('is quiet as long as something is heard', () => {
    watchdog.start(1000);
    for (let i = 0; i < 100; i++) {
      jest.advanceTimersByTime(900);
      watchdog.heard();
    }
    expect(barks).toBe(0);
    jest.advanceTimersByTime(1200);
    expect(barks).toBe(1);
  });

  it('counts the time of a sleep, in which no timer goes on', () => {
    watchdog.start(1000);
    jest.setSystemTime(Date.now() + 1000);
    expect(barks).toBe(0);
    watchdog.look();
    expect(barks).toBe(1);
  });

  it('is not put to sleep by a clock that is put back', () => {
    watchdog.start(1000);
    jest.setSystemTime(Date.now() - 3_600_000);
    jest.advanceTimersByTime(1400);
    expect(barks).toBe(1);
  });

  it('begins anew with another limit', () => {
    watchdog.start(1000);
    jest.advanceTimersByTime(900);
    watchdog.start(10_000);
    jest.advanceTimersByTime(9999);
    expect(barks).toBe(0);
    jest.advanceTimersByTime(1);
    expect(barks).toBe(1);
  });

  it('is gone once it is stopped', () => {
    watchdog.start(1000);
    watchdog.stop();
    jest.advanceTimersByTime(10_000);
    watchdog.look();
    expect(barks).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });
});
