import { BaseRpcContext } from '@nestjs/microservices';

/** What a handler can ask about the entries that it was given; get it with `@Ctx()`. */
export class RedisStreamsContext extends BaseRpcContext<
  [stream: string, entryIds: readonly string[], attempts: readonly number[]]
> {
  /** The key of the stream. */
  getStream(): string {
    return this.args[0];
  }

  /** The id of each entry, in the order of the data. */
  getEntryIds(): readonly string[] {
    return this.args[1];
  }

  /** How many times each entry was delivered, this time included, in the order of the data. 1 is the first time. */
  getAttempts(): readonly number[] {
    return this.args[2];
  }
}
