import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';
import ts from 'typescript';

import type { FanoutClient } from '../src/index.js';
import { BEGINNING, type Notifier } from './support/notifier.js';
import { cleanUp, post, startNotifier } from './support/setup.js';
import { until } from './support/until.js';

const execute = promisify(execFile);
const library = join(__dirname, '..');
const entry = join(library, 'dist/index.js');

beforeAll(() => {
  if (!existsSync(entry)) throw new Error('build first: npx nx build redis-fanout-client');
});
afterEach(cleanUp);

async function notifierWithPost(): Promise<Notifier> {
  const notifier = await startNotifier();
  notifier.publish('post', post('hello'));
  return notifier;
}

/** What browsers and Node have alike, and nothing else. */
const WEB = {
  AbortController,
  TextDecoder,
  URL,
  clearInterval,
  clearTimeout,
  console,
  fetch,
  setInterval,
  setTimeout,
};

/** The library as one script for browsers; fails where a part of Node is imported. */
async function bundled(format: 'esm' | 'iife'): Promise<{ code: string; inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: library,
    bundle: true,
    format,
    globalName: 'bundle',
    metafile: true,
    minify: true,
    platform: 'browser',
    write: false,
  });
  return { code: outputFiles[0]?.text ?? '', inputs: Object.keys(metafile.inputs) };
}

describe('the built library', () => {
  it('runs in plain Node, from its package, as an ES module', async () => {
    const notifier = await notifierWithPost();
    const program = `
      import { FanoutClient } from 'redis-fanout-client';
      const client = new FanoutClient({ url: process.argv[1], user: 'ada', lastEventId: '${BEGINNING}' });
      client.on('post', ({ text }) => {
        console.log(text);
        client.close();
      });
      client.connect();`;
    const args = ['--input-type=module', '--eval', program, notifier.url];
    const { stdout } = await execute(process.execPath, args, { cwd: library, timeout: 30_000 });
    expect(stdout).toBe('hello\n');
  });

  it('is bundled for browsers with its one dependency, and runs where there is nothing of Node', async () => {
    const notifier = await notifierWithPost();
    const { code, inputs } = await bundled('iife');
    const others = inputs.filter((path) => !path.startsWith('dist/'));
    expect(others).toEqual([expect.stringMatching(/\/eventsource-parser\/dist\/index\.js$/)]);
    const page = createContext({ ...WEB });
    runInContext(code, page);
    expect(runInContext('typeof process + typeof Buffer + typeof require', page)).toBe('undefined'.repeat(3));
    const options = JSON.stringify({ url: notifier.url, user: 'ada', lastEventId: BEGINNING });
    const client = runInContext(`new bundle.FanoutClient(${options})`, page) as FanoutClient;
    const texts: string[] = [];
    client.on('post', ({ text }) => texts.push(text));
    client.connect();
    await until(() => texts.length > 0, 'the post was told');
    client.close();
    expect(texts).toEqual(['hello']);
  });

  it('is as small as its README says', async () => {
    const { code } = await bundled('esm');
    const [, kilobytes] = /([\d.]+) kB minified and gzipped/.exec(
      readFileSync(join(library, 'README.md'), 'utf8'),
    )!;
    expect(gzipSync(code).length).toBeLessThanOrEqual(Number(kilobytes) * 1000);
  });
});

const CONSUMER = `
  import { FanoutClient, type ClientState, type Post } from 'redis-fanout-client';
  export const states: ClientState[] = [];
  export const posts: Post[] = [];
  declare const ws: typeof import('ws').WebSocket;
  const options = { url: new URL('http://localhost'), user: 'ada' };
  const client = new FanoutClient({ ...options, fetch, headers: async () => ({ authorization: 'x' }) });
  client.on('post', (post) => posts.push(post));
  client.on('state', async (state) => { states.push(state); });`;

const diagnostics = (program: ts.Program, file: ts.SourceFile): ts.Diagnostic[] => [
  ...program.getSyntacticDiagnostics(file),
  ...program.getSemanticDiagnostics(file),
];

/** What the compiler has against a consumer of the types, and against these, at its strictest. */
function complaints(source: string, lib: string[], types: string[]): string[] {
  const file = join(library, 'consumer.ts');
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    lib,
    types,
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.fileExists = (path) => path === file || fileExists(path);
  host.readFile = (path) => (path === file ? source : readFile(path));
  const program = ts.createProgram([file], options, host);
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName === file || fileName.startsWith(join(library, 'dist')));
  if (ours.length < 2) throw new Error('it does not see the types');
  return [...program.getOptionsDiagnostics(), ...ours.flatMap((each) => diagnostics(program, each))].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
  );
}

describe('the types', () => {
  it('are complete in a browser, and take its WebSocket', () => {
    const source = `${CONSUMER.replace(/.*declare.*/, '')}\nnew FanoutClient({ ...options, webSocket: WebSocket });`;
    expect(complaints(source, ['lib.es2023.d.ts', 'lib.dom.d.ts'], [])).toEqual([]);
  });

  it('are complete in Node, and take the WebSocket of `ws`', () => {
    const source = `${CONSUMER}\nnew FanoutClient({ ...options, webSocket: ws });`;
    expect(complaints(source, ['lib.es2023.d.ts'], ['node'])).toEqual([]);
  });

  it('refuse what is none of the options and events', () => {
    const source = `${CONSUMER}
      new FanoutClient({ ...options, webSocket: true });
      client.on('posts', () => 0);
      client.on('deleted', ({ text }) => text);`;
    expect(complaints(source, ['lib.es2023.d.ts'], ['node'])).toHaveLength(3);
  });
});
