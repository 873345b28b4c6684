import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startRedis } from 'embedded-redis';
import ts from 'typescript';

const library = join(__dirname, '..');

/**
 * Runs an example as a program of its own, against the built library: it is found by its name, as its own package is.
 */
async function run(example: string, url: string): Promise<string[]> {
  const source = readFileSync(join(library, 'examples', `${example}.ts`), 'utf8');
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
  const folder = join(library, 'out-tsc', 'examples');
  mkdirSync(folder, { recursive: true });
  const program = join(folder, `${example}.mjs`);
  writeFileSync(program, ts.transpileModule(source, { compilerOptions: options }).outputText);
  const child = spawn(process.execPath, [program, url], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect({ code, output }).toEqual({ code: 0, output });
  return output.trim().split('\n');
}

describe('the examples', () => {
  let url: string;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ url, stop } = await startRedis({}));
  });
  afterAll(async () => {
    await stop();
  });

  it('are short, and need nothing but the library and ioredis', () => {
    for (const example of ['chat', 'social-feed', 'event-processor']) {
      const source = readFileSync(join(library, 'examples', `${example}.ts`), 'utf8');
      expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(60);
      const imported = [...source.matchAll(/ from '([^']+)'/g)].map(([, name]) => name);
      expect(imported.filter((name) => name?.startsWith('node:') === false).sort()).toEqual([
        'ioredis',
        'redis-fanout',
      ]);
    }
  });

  it('stand in the README as they are', () => {
    const readme = readFileSync(join(library, 'README.md'), 'utf8');
    for (const example of ['chat', 'social-feed', 'event-processor']) {
      expect(readme).toContain(readFileSync(join(library, 'examples', `${example}.ts`), 'utf8').trimEnd());
    }
  });

  it('chat: keeps what is said to the absent, counts it by sender, and is live for the connected', async () => {
    expect(await run('chat', url)).toEqual([
      "bob has 3 unread: { 'ann:bob': 2, 'cid:bob': 1 }",
      'bob sees: ann: are you there?',
      'bob sees: ann: tea is ready',
      'bob sees: cid: hello',
      'bob sees: room:tea: the tea is getting cold',
      'ann has 1 unread',
    ]);
  });

  it('social feed: whole timelines, live posts, and followers without number', async () => {
    expect(await run('social-feed', url)).toEqual([
      "bob reads [ 'ann: the first post' ]",
      'bob hears ann: the second post',
      'bob hears star: hello, all 2,001 of you',
      'bob reads [',
      "  'star: hello, all 2,001 of you',",
      "  'ann: the second post',",
      "  'ann: the first post'",
      ']',
      "bob reads [ 'ann: the second post', 'ann: the first post' ]",
    ]);
  });

  it('event processor: all work is done, though a member is killed', async () => {
    const [killed, done] = await run('event-processor', url);
    expect(killed).toMatch(/^a member was killed at order \d+$/);
    expect(done).toBe('50 orders billed, at least one of them again: true');
  });
});
