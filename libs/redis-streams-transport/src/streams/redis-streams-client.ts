import { ClientProxy, type ReadPacket } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';

import { EmitFailedError, InvalidOptionError, UnsupportedOperationError } from '../errors.js';
import { type RedisClient } from '../redis/redis-client.js';
import { SharedWrite } from '../redis/shared-write.js';
import { encodeEvent } from './stream-entry.js';

export interface RedisStreamsClientOptions {
  /** The client to append with; stays its owner's to close. How long it waits for a Redis that is down is its setting. */
  readonly client: RedisClient;
  /** The stream to append to, or what chooses it for an event. */
  readonly stream: string | ((pattern: string, data: unknown) => string);
}

/**
 * Appends events to streams in the wire format of RedisStreamsServer. `emit` answers with the id of the entry when Redis
 * has it, and fails with EmitFailedError otherwise. An event whose connection broke may be in the stream all the same, or
 * twice where the client sends it again: consumers see at-least-once anyway. Events that are emitted in one turn of the event
 * loop go to Redis in one write, in their order.
 */
export class RedisStreamsClient extends ClientProxy {
  private readonly write: SharedWrite;

  /** Throws InvalidOptionError. */
  constructor(private readonly options: RedisStreamsClientOptions) {
    super();
    this.write = new SharedWrite(options.client);
    if (options.stream === '') {
      throw new InvalidOptionError('stream', 'a name that is not empty, or a function', options.stream);
    }
  }

  override connect(): Promise<RedisClient> {
    return Promise.resolve(this.options.client);
  }

  /** Does nothing: the client belongs to whoever made it. */
  override close(): void {
    return undefined;
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the signature is NestJS's
  override unwrap<T = RedisClient>(): T {
    return this.options.client as T;
  }

  /** A stream takes no answers: fails with UnsupportedOperationError. */
  override send<TResult = never>(): Observable<TResult> {
    return throwError(() => noAnswers());
  }

  protected override async dispatchEvent<T = string>(packet: ReadPacket): Promise<T> {
    const pattern = this.normalizePattern(packet.pattern as string);
    const data: unknown = packet.data;
    const fields = encodeEvent(pattern, data);
    const { client, stream: choice } = this.options;
    const stream = typeof choice === 'string' ? choice : choice(pattern, data);
    this.write.begin();
    try {
      return (await client.xadd(stream, '*', ...fields)) as T;
    } catch (cause) {
      throw new EmitFailedError(pattern, stream, cause);
    }
  }

  protected override publish(): never {
    throw noAnswers();
  }
}

function noAnswers(): UnsupportedOperationError {
  return new UnsupportedOperationError('send', 'a stream takes no answers, use emit');
}
