import type { IncomingHttpHeaders } from 'node:http';

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { invalidField } from 'service-host';

/** The header `Idempotency-Key`: undefined where it is absent; 400 unless it is 1 to 255 characters of printable ASCII. */
export const IdempotencyKey = createParamDecorator(
  (_data: unknown, context: ExecutionContext): string | undefined =>
    idempotencyKeyOf(context.switchToHttp().getRequest()),
);

/** The same, of a request. */
export function idempotencyKeyOf({ headers }: { readonly headers: IncomingHttpHeaders }): string | undefined {
  const key = headers['idempotency-key'];
  if (key !== undefined && (typeof key !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(key))) {
    throw invalidField('Idempotency-Key', 'must be 1 to 255 characters of printable ASCII');
  }
  return key;
}
