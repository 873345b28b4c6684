import { ClientError } from './errors.js';
import type { ClientEventName, ClientEvents } from './events.js';

export type Listener<Name extends ClientEventName> = (event: ClientEvents[Name]) => unknown;

type Registered = { [Name in ClientEventName]: Set<Listener<Name>> };

/** The listeners of a client. One that fails stops neither the others nor the client. */
export class Listeners {
  private readonly registered: Registered = {
    post: new Set(),
    edited: new Set(),
    deleted: new Set(),
    message: new Set(),
    resync: new Set(),
    state: new Set(),
    error: new Set(),
  };

  /** @returns what takes the listener away again */
  add<Name extends ClientEventName>(name: Name, listener: Listener<Name>): () => void {
    const listeners = this.registered[name];
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  /** Calls the listeners in the order in which they were added. Never throws. */
  tell<Name extends ClientEventName>(name: Name, event: ClientEvents[Name]): void {
    const listeners = this.registered[name];
    for (const listener of [...listeners]) {
      // One before it may have taken it away.
      if (!listeners.has(listener)) continue;
      try {
        const result = listener(event);
        if (isPromise(result)) result.then(undefined, this.failed(name));
      } catch (error) {
        this.failed(name)(error);
      }
    }
  }

  private failed(name: ClientEventName): (cause: unknown) => void {
    return (cause) => {
      // To tell an `error` that listeners of `error` failed might go on for ever; and nothing is to vanish unseen.
      if (name === 'error' || this.registered.error.size === 0) {
        console.error(`redis-fanout-client: a listener of "${name}" failed`, cause);
      } else {
        this.tell('error', new ClientError('listener-failed', `a listener of "${name}" failed`, { cause }));
      }
    };
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
