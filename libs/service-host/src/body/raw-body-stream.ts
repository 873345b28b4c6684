import { type IncomingMessage } from 'node:http';

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { type FastifyRequest } from 'fastify';

interface RawBodyConfig {
  rawBodyStream?: boolean;
}

/**
 * Marks a route whose body is not read beforehand: any content type, any length. The handler takes the bytes with
 * {@link BodyStream}. It may answer while they still come: node:http is full duplex.
 */
export function RawBodyStream(): MethodDecorator {
  const config: RawBodyConfig = { rawBodyStream: true };
  return RouteConfig(config);
}

/**
 * The request's bytes as a Node `Readable`, on a route marked with {@link RawBodyStream}. It fails with `aborted` when
 * the client goes away.
 */
export const BodyStream = createParamDecorator(
  (_data: unknown, context: ExecutionContext): IncomingMessage => {
    return context.switchToHttp().getRequest<FastifyRequest>().raw;
  },
);

/** Whether the request's route is marked with {@link RawBodyStream}. */
export function takesRawBody(request: FastifyRequest): boolean {
  return (request.routeOptions.config as RawBodyConfig).rawBodyStream === true;
}
