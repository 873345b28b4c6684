import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';

/**
 * Hands a handler's own error to the transport, so that failures and dead letters say what happened. Without it NestJS
 * logs the error and passes on "Internal server error". Use it with `useGlobalFilters` or `@UseFilters`.
 */
@Catch()
export class PassErrorsFilter implements RpcExceptionFilter {
  catch(exception: unknown): Observable<never> {
    return throwError(() => exception);
  }
}
