import { BaseRpcContext } from '@nestjs/microservices';

/** What a handler can ask about the message that it was given; get it with `@Ctx()`. */
export class RedisPubSubContext extends BaseRpcContext<[channel: string]> {
  getChannel(): string {
    return this.args[0];
  }
}
