import { TransportChoice } from './transport-choice.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const MINUTE = 60_000;

/** Takes what is next, in turn, with these results: the first letters of what was taken. */
function take(choice: TransportChoice, results: readonly boolean[]): string {
  return results
    .map((worked) => {
      const name = choice.next();
      if (name === 'sse') choice.sseEnded(worked);
      else choice.webSocketEnded(worked);
      return name[0];
    })
    .join('');
}

const NO = false;
const YES = true;

describe('the choice of the transport', () => {
  it('is never a WebSocket where there is none', () => {
    expect(take(new TransportChoice(false, 1, 0), [NO, YES, NO])).toBe('sss');
  });

  it('counts the WebSockets in vain that come in a row', () => {
    expect(take(new TransportChoice(true, 2, MINUTE), [NO, YES, NO, YES, NO, NO, YES, NO])).toBe('wwwwwwss');
  });

  it('alternates where neither comes about', () => {
    expect(take(new TransportChoice(true, 2, MINUTE), [NO, NO, NO, NO, NO, NO])).toBe('wwswws');
  });

  it('comes back to WebSockets when it is time, one at a time, and stays where they work', () => {
    const choice = new TransportChoice(true, 2, MINUTE);
    expect(take(choice, [NO, NO, YES, NO])).toBe('wwss');
    jest.advanceTimersByTime(MINUTE);
    expect(take(choice, [NO, YES, YES])).toBe('wss');
    jest.advanceTimersByTime(MINUTE);
    expect(take(choice, [YES, NO, YES, YES])).toBe('wwww');
  });

  it('forgets that Server-Sent Events came about once WebSockets do', () => {
    const choice = new TransportChoice(true, 2, MINUTE);
    take(choice, [NO, NO, YES]);
    jest.advanceTimersByTime(MINUTE);
    expect(take(choice, [YES, NO, NO, NO, NO])).toBe('wwwsw');
  });
});
