import { ClosedError, UnsupportedOperationError } from '../errors.js';
import type { Capabilities } from './capabilities.js';
import type {
  AnyFanoutStrategy,
  Backlog,
  Listening,
  ListenOptions,
  Message,
  MessageHandler,
  MessagePage,
  Published,
  PublishOptions,
  ReadRequest,
  StartingPoint,
  SubscribeOptions,
  TakeRequest,
} from './fanout-strategy.js';

/** What all strategies share: they refuse what they cannot do, know who listens, and close. */
export abstract class Strategy<Payload> implements AnyFanoutStrategy<Payload> {
  abstract readonly capabilities: Capabilities;
  /** As errors name it. */
  protected abstract readonly name: string;
  private readonly listenings = new Set<Listening>();
  private closing: Promise<unknown> | undefined;
  private closed = false;

  abstract publish(source: string, payload: Payload, options?: PublishOptions): Promise<Published>;
  abstract subscribe(recipient: string, source: string, options?: SubscribeOptions): Promise<void>;
  abstract unsubscribe(recipient: string, source: string): Promise<void>;
  abstract listen(
    recipient: string,
    handler: MessageHandler<Payload>,
    options?: ListenOptions,
  ): Promise<Listening>;

  read(_recipient: string, _request?: ReadRequest): Promise<MessagePage<Payload>> {
    return this.refuse('read', 'nothing is kept for the absent');
  }
  take(_recipient: string, _request?: TakeRequest): Promise<readonly Message<Payload>[]> {
    return this.refuse('take', 'nothing is acknowledged');
  }
  acknowledge(_recipient: string, _ids: string | readonly string[]): Promise<number> {
    return this.refuse('acknowledge', 'nothing is acknowledged');
  }
  replay(_recipient: string, _source: string, _from: StartingPoint): Promise<void> {
    return this.refuse('replay', 'nothing that was acknowledged is kept');
  }
  backlog(_recipient: string): Promise<Backlog> {
    return this.refuse('backlog', 'what waits is not known');
  }

  async close(): Promise<void> {
    // Handlers at work may still acknowledge what they have done.
    this.closing ??= Promise.all([...this.listenings].map(async (listening) => listening.close()));
    await this.closing;
    this.closed = true;
  }

  /** @throws ClosedError */
  protected checkOpen(): void {
    if (this.closed) throw new ClosedError();
  }

  /** Keeps a listening until it is closed. @throws ClosedError where the strategy is being closed */
  protected keep(listening: Listening): Listening {
    if (this.closing !== undefined) {
      void listening.close();
      throw new ClosedError();
    }
    const kept = {
      close: async (): Promise<void> => {
        this.listenings.delete(kept);
        await listening.close();
      },
    };
    this.listenings.add(kept);
    return kept;
  }

  /** Refuses options that need a capability that the strategy does not have. @throws UnsupportedOperationError */
  protected checkOptions(options: PublishOptions & SubscribeOptions): void {
    if (options.idempotencyKey !== undefined && !this.capabilities.exactlyOnce) {
      throw new UnsupportedOperationError(this.name, 'idempotencyKey', 'it remembers no message');
    }
    if (options.from !== undefined && this.capabilities.lateSubscribers !== 'any-point') {
      throw new UnsupportedOperationError(this.name, 'from', 'a subscription cannot begin anywhere');
    }
  }

  private async refuse(operation: string, reason: string): Promise<never> {
    await Promise.resolve();
    throw new UnsupportedOperationError(this.name, operation, reason);
  }
}
