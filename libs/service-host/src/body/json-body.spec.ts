import { parseJsonBody } from './json-body.js';

const parse = (text: string): unknown => parseJsonBody(Buffer.from(text));

describe('parseJsonBody', () => {
  it('reads JSON', () => {
    expect(parse('{"a":[1,"\u00e9",null]}')).toEqual({ a: [1, 'é', null] });
  });

  it('reads text that only looks like a trap', () => {
    expect(parse('{"text":"__proto__","constructor":{"prototype":1}}')).toMatchObject({ text: '__proto__' });
  });

  it.each([
    ['{"a":', 'not valid JSON'],
    ['{"a":{"__proto__":1}}', '__proto__'],
    ['[[{"\\u005f\\u005fproto__":1}]]', '__proto__'],
    ['['.repeat(34) + ']'.repeat(34), 'nested'],
    ['['.repeat(32_000) + ']'.repeat(32_000), 'nested'],
  ])('refuses a text that is or has: %#', (text, reason) => {
    expect(() => parse(text)).toThrow(reason);
  });

  it.each([[[0xff]], [[0x22, 0xed, 0xa0, 0x80, 0x22]], [[0x22, 0xc0, 0x80, 0x22]]])(
    'refuses the bytes %p',
    (bytes) => {
      expect(() => parseJsonBody(Uint8Array.from(bytes))).toThrow('UTF-8');
    },
  );
});
