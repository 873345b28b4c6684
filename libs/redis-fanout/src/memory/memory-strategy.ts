import type { Listening, ListenOptions, MessageHandler } from '../strategies/fanout-strategy.js';
import { LiveListener } from '../strategies/live-listener.js';
import { Strategy } from '../strategies/strategy.js';
import type { Audience } from './line.js';
import { type StoredMessage, toMessage } from './stored-message.js';

/** A listener that is told of messages as they are published. */
export interface LiveEar {
  hear(message: StoredMessage): void;
}

/** What the twins share: each operation is one atomic step, done before the call returns. */
export abstract class MemoryStrategy<Payload> extends Strategy<Payload> {
  /** Does an operation; what it throws is a rejection, as with Redis. @throws ClosedError */
  protected call<T>(operation: () => T): Promise<T> {
    return new Promise((resolve) => {
      this.checkOpen();
      resolve(operation());
    });
  }

  /** Lets a handler have what an audience hears of a recipient. */
  protected listenLive(
    audience: Audience<LiveEar>,
    recipient: string,
    handler: MessageHandler<Payload>,
    options: ListenOptions,
  ): Listening {
    const listener = new LiveListener<Payload>(handler, options);
    const ear = {
      hear: (message: StoredMessage): void => {
        listener.push(toMessage<Payload>(message));
      },
    };
    return this.keep(
      audience.add(recipient, ear, {
        closed: async () => listener.close(),
        restored: (gap) => {
          if (!this.capabilities.gapless) listener.tellGap(gap);
        },
      }),
    );
  }
}
