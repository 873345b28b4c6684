import { BadRequestException, HttpException, ImATeapotException, NotFoundException } from '@nestjs/common';

import { PROBLEMS } from './problem-codes.js';
import { answerTo } from './problem-mapping.js';
import { invalidField, rateLimited, storageUnavailable } from './problem.exception.js';

const fault = (code: string): Error => Object.assign(new Error('x'), { code });

describe('answerTo', () => {
  it.each([
    [new BadRequestException('why'), 'invalid-request'],
    [new NotFoundException(), 'not-found'],
    [new HttpException('big', 413), 'too-large'],
    [fault('FST_ERR_BAD_URL'), 'invalid-request'],
    [fault('FST_ERR_MAX_PARAM_LENGTH'), 'invalid-request'],
    [new HttpException('x', 413, { cause: fault('FST_ERR_CTP_BODY_TOO_LARGE') }), 'too-large'],
    [fault('ECONNREFUSED'), 'internal-error'],
    [new HttpException('secret', 500), 'internal-error'],
    ['text', 'internal-error'],
    [undefined, 'internal-error'],
  ] as const)('%p is %s', (error, code) => {
    const { body } = answerTo(error);
    expect(body).toMatchObject({ type: `urn:redis-fanout:problem:${code}`, status: PROBLEMS[code].status });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('has a type for a status that no code stands for', () => {
    expect(answerTo(new ImATeapotException('short')).body).toEqual({
      type: 'about:blank',
      title: "I'm a Teapot",
      status: 418,
      detail: 'short',
    });
  });

  it('asks the app before it gives up', () => {
    const error = fault('ECONNREFUSED');
    expect(answerTo(error, () => storageUnavailable(0, error)).headers).toEqual({ 'retry-after': '1' });
  });

  it('leaves problems as they are', () => {
    const problem = invalidField('limit', 'is wrong');
    expect(answerTo(problem, () => rateLimited(1)).body).toEqual({
      type: 'urn:redis-fanout:problem:invalid-request',
      title: PROBLEMS['invalid-request'].title,
      status: 400,
      detail: 'limit is wrong',
      errors: [{ field: 'limit', message: 'is wrong' }],
    });
  });
});
