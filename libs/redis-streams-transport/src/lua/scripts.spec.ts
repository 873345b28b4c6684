import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';

import { acknowledgeEntriesScript } from './acknowledge-entries.js';
import { claimEntriesScript } from './claim-entries.js';
import { deadLetterEntryScript } from './dead-letter-entry.js';
import { readBacklogScript } from './read-backlog.js';
import { recordFailureScript } from './record-failure.js';
import { renewEntriesScript } from './renew-entries.js';
import { replayDeadLetterScript } from './replay-dead-letter.js';
import { type Script } from './script.js';

const FRAGMENTS = ['trim-acknowledged'];
const scripts: Script[] = [
  acknowledgeEntriesScript,
  claimEntriesScript,
  deadLetterEntryScript,
  readBacklogScript,
  recordFailureScript,
  renewEntriesScript,
  replayDeadLetterScript,
];

/** The names in the header's lines for KEYS or ARGV, each with its number. */
function declared(script: Script, table: string): string[] {
  const lines = script.source.matchAll(new RegExp(`^-- ${table}\\[(\\d+(?:\\.\\.)?)\\] (\\w+)`, 'gm'));
  return [...lines].map(([, number, name]) => `${String(number)} ${String(name)}`);
}

it('covers every script of the folder', () => {
  const files = readdirSync(dirname(__filename)).filter((file) => file.endsWith('.lua'));
  const known = [...scripts.map(({ name }) => name), ...FRAGMENTS].map((name) => `${name}.lua`);
  expect(files.toSorted()).toEqual(known.toSorted());
});

describe.each(scripts)('$name.lua', (script) => {
  it('begins with flags, so that a cluster refuses keys of other slots', () => {
    expect(script.source).toMatch(/^#!lua( flags=[\w,-]+)?\n-- /);
  });

  it('declares the keys and arguments of its typed function', () => {
    const rest = script.rest === undefined ? [] : [`${script.args.length + 1}.. ${script.rest}`];
    expect(declared(script, 'KEYS')).toEqual(script.keys.map((name, i) => `${i + 1} ${name}`));
    expect(declared(script, 'ARGV')).toEqual([...script.args.map((name, i) => `${i + 1} ${name}`), ...rest]);
    expect(script.source).toMatch(/^-- Returns /m);
  });

  it('gives KEYS and ARGV names on its first lines', () => {
    const body = script.source.split('\n').filter((line) => !line.startsWith('--') && !line.startsWith('#!'));
    expect(body[0]).toMatch(/^local .* = KEYS\[1\]/);
    expect(body[1]).toMatch(/^local .* = .*ARGV\[1\]/);
    expect(script.source).not.toContain('@include');
  });
});
