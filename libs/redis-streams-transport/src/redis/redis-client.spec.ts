import { connectionName, hashTag } from './redis-client.js';

it.each([
  ['{0}:outbox', '0'],
  ['a{b}c{d}', 'b'],
  ['plain', undefined],
  ['{}x', undefined],
  ['{open', undefined],
])('finds the hash tag of %s', (key, tag) => {
  expect(hashTag(key)).toBe(tag);
});

it('makes names that Redis takes, each of them once', () => {
  const name = connectionName('a b', 'ü');
  expect(name).toMatch(/^a_b:_:[a-z0-9]+$/);
  expect(connectionName('a b', 'ü')).not.toBe(name);
});
