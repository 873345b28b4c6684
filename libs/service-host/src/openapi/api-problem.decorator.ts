import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';

import { PROBLEM_MEDIA_TYPE, type ProblemCode, PROBLEMS } from '../problems/problem-codes.js';
import { ProblemSchema } from './problem.schema.js';

const RETRY_AFTER = { description: 'Seconds to wait', schema: { type: 'integer' as const, minimum: 1 } };

/** Says in the OpenAPI document which problems an operation can answer. Codes of one status share an answer. */
export function ApiProblem(...codes: ProblemCode[]): MethodDecorator & ClassDecorator {
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))];
  const responses = statuses.map((status) => {
    const here = codes.filter((code) => PROBLEMS[code].status === status);
    return ApiResponse({
      status,
      description: here.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('; '),
      content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: getSchemaPath(ProblemSchema) } } },
      ...((status === 429 || status === 503) && { headers: { 'Retry-After': RETRY_AFTER } }),
    });
  });
  return applyDecorators(ApiExtraModels(ProblemSchema), ...responses);
}
