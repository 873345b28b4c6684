import { readdirSync, readFileSync } from 'node:fs';

import { scripts } from './scripts.js';

/** The names that a header lists between two of its words. */
function listed(header: string, from: string, to: string): string[] {
  const text = header.slice(header.indexOf(`-- ${from} `) + from.length + 4, header.indexOf(`-- ${to} `));
  return text
    .replace(/^--/gm, '')
    .replace(/\([^)]*\)/g, '')
    .replace(/(^|,)\s*then\b[^]*$/, '')
    .split(/[\s,]+/)
    .filter((name) => name !== '');
}

describe('the Lua scripts', () => {
  it('have a typed function each', () => {
    const files = readdirSync(__dirname).filter((file) => file.endsWith('.lua'));
    expect(scripts.map(({ name }) => `${name}.lua`).sort()).toEqual(files.sort());
  });

  it.each(scripts.map((script) => [script.name, script] as const))(
    '%s says in its header what it takes',
    (name, script) => {
      const source = readFileSync(`${__dirname}/${name}.lua`, 'utf8');
      // Without the first line a cluster lets access across slots pass.
      expect(source).toMatch(/^#!lua( flags=(allow-oom|no-writes))?\n/);
      expect(listed(source, 'KEYS', 'ARGV')).toEqual(script.keys);
      expect(listed(source, 'ARGV', 'Returns')).toEqual(script.args);
    },
  );
});
