import { Alarm, backoffMs, Lane, settlesWithin, sleep } from './timing.js';

const never = new Promise<never>(() => undefined);

it('doubles a backoff up to its limit', () => {
  expect([0, 1, 2, 3, 10, 1000].map((attempt) => backoffMs(attempt, 100, 1000))).toEqual([
    100, 100, 200, 400, 1000, 1000,
  ]);
});

it('ends a sleep when the signal is aborted', async () => {
  const stop = new AbortController();
  const slept = sleep(1_000_000, stop.signal);
  stop.abort();
  await slept;
  await sleep(1_000_000, stop.signal);
  expect(stop.signal.aborted).toBe(true);
});

it('tells whether a promise settles in time', async () => {
  expect(await settlesWithin(Promise.resolve(), 1000)).toBe(true);
  expect(await settlesWithin(Promise.reject(new Error('no')), 1000)).toBe(true);
  expect(await settlesWithin(never, 1)).toBe(false);
});

it('rings at the earliest time it was set to, also before somebody waits', async () => {
  const alarm = new Alarm();
  const { signal } = new AbortController();
  alarm.setWithin(1);
  alarm.setWithin(1_000_000);
  await alarm.rings(signal);
  const rung = alarm.rings(signal);
  alarm.setWithin(1_000_000);
  alarm.setWithin(1);
  expect(await settlesWithin(rung, 5000)).toBe(true);
});

it('rings when the signal is aborted', async () => {
  const alarm = new Alarm();
  const stop = new AbortController();
  alarm.setWithin(1_000_000);
  const rung = alarm.rings(stop.signal);
  stop.abort();
  expect(await settlesWithin(rung, 5000)).toBe(true);
  expect(await settlesWithin(alarm.rings(stop.signal), 5000)).toBe(true);
});

it('runs tasks of a lane in turn, but does not wait for ever', async () => {
  const lane = new Lane();
  const { signal } = new AbortController();
  const order: number[] = [];
  const failed = lane.run(() => Promise.reject(new Error('no')), 1000, signal);
  await expect(failed).rejects.toThrow('no');
  await Promise.all(
    [1, 2, 3].map((number) => lane.run(() => Promise.resolve(order.push(number)), 1000, signal)),
  );
  void lane.run(() => never, 1000, signal);
  await lane.run(() => Promise.resolve(order.push(4)), 1, signal);
  void lane.run(() => never, 1000, signal);
  await lane.run(() => Promise.resolve(order.push(5)), 1_000_000, AbortSignal.abort());
  expect(order).toEqual([1, 2, 3, 4, 5]);
});
