import type { ClientError } from './errors.js';
import { Listeners } from './listeners.js';

const deleted = { id: '1' };
let listeners: Listeners;
beforeEach(() => {
  listeners = new Listeners();
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('listeners', () => {
  it('are told in their order, once each, until they are taken away', () => {
    const heard: string[] = [];
    const first = (): unknown => heard.push('first');
    const remove = listeners.add('deleted', first);
    listeners.add('deleted', () => heard.push('second'));
    listeners.add('deleted', first);
    listeners.tell('deleted', deleted);
    expect(heard).toEqual(['first', 'second']);
    remove();
    remove();
    listeners.tell('deleted', deleted);
    expect(heard).toEqual(['first', 'second', 'second']);
  });

  it('that one before them takes away are not told, and those that it adds are from the next event on', () => {
    const heard: string[] = [];
    let remove: () => void = () => undefined;
    listeners.add('deleted', () => {
      remove();
      listeners.add('deleted', late);
    });
    const late = (): unknown => heard.push('late');
    remove = listeners.add('deleted', () => heard.push('gone'));
    listeners.tell('deleted', deleted);
    expect(heard).toEqual([]);
    listeners.tell('deleted', deleted);
    expect(heard).toEqual(['late']);
  });

  it('that fail are told as `error`, at once or later', async () => {
    const errors: ClientError[] = [];
    listeners.add('error', (error) => errors.push(error));
    listeners.add('deleted', () => {
      throw new Error('now');
    });
    listeners.add('deleted', () => Promise.reject(new Error('later')));
    listeners.tell('deleted', deleted);
    await Promise.resolve();
    await Promise.resolve();
    expect(errors).toMatchObject([
      { code: 'listener-failed', message: 'a listener of "deleted" failed', cause: new Error('now') },
      { code: 'listener-failed', cause: new Error('later') },
    ]);
  });

  it('of `error` that fail, or that are not there, leave it to the console', () => {
    const log = jest.spyOn(console, 'error').mockReturnValue();
    const failure = new Error('failure');
    listeners.add('deleted', () => {
      throw failure;
    });
    listeners.tell('deleted', deleted);
    expect(log.mock.calls).toEqual([['redis-fanout-client: a listener of "deleted" failed', failure]]);
    listeners.add('error', () => {
      throw failure;
    });
    listeners.tell('deleted', deleted);
    expect(log.mock.calls[1]).toEqual(['redis-fanout-client: a listener of "error" failed', failure]);
    expect(log).toHaveBeenCalledTimes(2);
  });
});
