import { EmitFailedError, errorText, InvalidOptionError } from './errors.js';

it.each<[unknown, string]>([
  [new TypeError('no'), 'TypeError: no'],
  ['no', 'no'],
  [{ status: 'error', message: 'Internal server error' }, 'Internal server error'],
  [{ code: 1 }, '{"code":1}'],
  [undefined, 'undefined'],
  [1n, 'bigint'],
])('has a text for %p', (error, text) => {
  expect(errorText(error)).toBe(text);
});

it('bounds the text', () => {
  expect(errorText(new Error('x'.repeat(5000)))).toHaveLength(1000);
});

it('keeps facts and cause', () => {
  const cause = new Error('down');
  expect(new EmitFailedError('a', 's', cause)).toMatchObject({
    pattern: 'a',
    stream: 's',
    cause,
    retryable: true,
  });
  expect(new InvalidOptionError('group', 'a text', 1).message).toBe('group must be a text, but is 1');
});
