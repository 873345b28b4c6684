import type { Answer } from './http.js';

/** Checks that an answer is this problem, in the form that all problems have. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer).toMatchObject({
    status,
    body: { type: `urn:redis-fanout:problem:${code}`, status, title: expect.any(String) as unknown },
  });
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.body).toHaveProperty('detail', expect.any(String));
  const retryAfter = answer.headers['retry-after'];
  if (status === 429 || status === 503) expect(retryAfter).toMatch(/^[1-9]\d*$/);
  else expect(retryAfter).toBeUndefined();
}

/** Checks that an answer refuses the request because of some fields. */
export function expectInvalid(answer: Answer, ...fields: readonly string[]): void {
  expectProblem(answer, 400, 'invalid-request');
  if (fields.length === 0) return;
  const { errors } = answer.body as { errors: { field: string; message: string }[] };
  expect(errors.map(({ field }) => field)).toEqual(fields);
  for (const { message } of errors) expect(message).not.toBe('');
}
