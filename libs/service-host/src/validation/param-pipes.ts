import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';

import { checkedParam } from './checked.js';
import { postId, type Rule, userId } from './rules.js';

/** Holds one parameter to a rule. The problem names the parameter. */
abstract class RulePipe implements PipeTransform<unknown, string> {
  protected abstract readonly rule: Rule;

  transform(value: unknown, { data = 'value' }: ArgumentMetadata): string {
    return checkedParam(data, value, this.rule);
  }
}

/** `@Param('user', UserIdParam) user: string`; also for one parameter of a query. 400 for anything else. */
@Injectable()
export class UserIdParam extends RulePipe {
  protected readonly rule = userId;
}

/** `@Param('id', PostIdParam) id: string`; also for one parameter of a query. 400 for anything else. */
@Injectable()
export class PostIdParam extends RulePipe {
  protected readonly rule = postId;
}
