import { type BaseRpcContext, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';

import { UnknownPatternError, UnsupportedOperationError } from './errors.js';

/** What the transports share: a server of events alone, which waits for its handlers. */
export abstract class EventServer<Status extends string> extends Server<Record<string, never>, Status> {
  /** Failures are logged here; NestJS need not report them, too. */
  override readonly propagatesEventHandlerErrors = true;

  /** @throws UnsupportedOperationError always */
  override on(): never {
    throw new UnsupportedOperationError('on', 'subscribe to status');
  }

  /** Resolves when the handlers of the pattern have completed. Rejects where there is none, or one fails. */
  protected async dispatch(pattern: string, data: unknown, context: BaseRpcContext): Promise<void> {
    const handler = this.handlerOf(pattern);
    if (handler?.isEventHandler !== true) throw new UnknownPatternError(pattern);
    await new Promise<void>((resolve) => {
      this.runWithProcessingHooks(context, async (endHook) => {
        const handled = this.complete(handler, data, context).finally(endHook);
        resolve(handled);
        await handled.catch(() => undefined);
      });
    });
  }

  /** NestJS reads each pattern as JSON first: of a plain text that fails, which took half the time of a small event. */
  private handlerOf(pattern: string): MessageHandler | null {
    return this.messageHandlers.get(pattern) ?? this.getHandlerByPattern(pattern);
  }

  /** A failing handler is an Observable that errors, not a promise that rejects. */
  private async complete(handler: MessageHandler, data: unknown, context: BaseRpcContext): Promise<void> {
    const result: unknown = await handler(data, context);
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }
}
