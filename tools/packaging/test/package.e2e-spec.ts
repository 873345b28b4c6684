import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from './support/processes.js';
import {
  libraryFolder,
  pack,
  type Packed,
  program,
  PUBLISHED,
  type PublishedName,
} from './support/workspace.js';

const TEST = /\.(spec|int-spec|e2e-spec)\.ts$/;
const COMPILED = ['.js', '.js.map', '.d.ts', '.d.ts.map'];

/** What is to be published: the sources, scripts of Redis among them, what each is compiled to, and the texts. */
function expectedFiles(name: PublishedName): string[] {
  const sources = readdirSync(join(libraryFolder(name), 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !TEST.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(libraryFolder(name).length + 1));
  const compiled = sources
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => COMPILED.map((ending) => path.replace(/^src(.*)\.ts$/, `dist$1${ending}`)));
  return ['LICENSE', 'README.md', 'package.json', ...sources, ...compiled].sort();
}

function manifest(name: PublishedName): { exports: object } {
  return JSON.parse(readFileSync(join(libraryFolder(name), 'package.json'), 'utf8')) as { exports: object };
}

describe.each(PUBLISHED)('the package %s', (name) => {
  let folder: string;
  let packed: Packed;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'packed-'));
    packed = await pack(name, folder);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  // Something in `dist` that has no source is left of an older build: delete `dist`, and build again.
  it('has every source with what it is compiled to, and nothing else', () => {
    expect(packed.files).toEqual(expectedFiles(name));
  });

  it('leaves publint nothing to say', async () => {
    const output = await run(
      process.execPath,
      [program('publint'), 'run', packed.tarball, '--strict'],
      folder,
    );
    expect(output).toContain('All good!');
  });

  it('has types that every entry point resolves to', async () => {
    const options = ['--profile', 'esm-only', '--format', 'json'];
    const output = await run(process.execPath, [program('attw'), packed.tarball, ...options], folder);
    const { analysis } = JSON.parse(output) as { analysis: { entrypoints: object } };
    expect(Object.keys(analysis.entrypoints)).toEqual(Object.keys(manifest(name).exports));
  });
});
