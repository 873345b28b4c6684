import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { npm, run } from './processes.js';
import { program } from './workspace.js';

/** TypeScript as strict as it gets, also about the types of packages. */
const COMPILER_OPTIONS = {
  module: 'nodenext',
  target: 'es2023',
  lib: ['es2023'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  rootDir: 'src',
  outDir: 'built',
};

/** A project of its own outside of the workspace, with packages from the registry and from tarballs. */
export class Consumer {
  private constructor(readonly folder: string) {}

  /** Installs packages, each with its version or the path of its tarball; what they want beside them npm finds out. */
  static async install(dependencies: Readonly<Record<string, string>>): Promise<Consumer> {
    const consumer = new Consumer(mkdtempSync(join(tmpdir(), 'consumer-')));
    consumer.write('package.json', { name: 'consumer', private: true, type: 'module', dependencies });
    await npm(['install', '--prefer-offline', '--strict-peer-deps'], consumer.folder);
    return consumer;
  }

  has(name: string): boolean {
    return existsSync(join(this.folder, 'node_modules', name));
  }

  /**
   * Compiles sources, files or folders by the names that they are to have here, into the folder `built`.
   *
   * @returns what the compiler has against them, or nothing
   */
  async compile(sources: Readonly<Record<string, string>>): Promise<string> {
    for (const [name, path] of Object.entries(sources)) {
      cpSync(path, join(this.folder, 'src', name), { recursive: true });
    }
    this.write('tsconfig.json', { compilerOptions: COMPILER_OPTIONS, include: ['src'] });
    try {
      return await run(process.execPath, [program('tsc'), '--pretty', 'false'], this.folder);
    } catch (error) {
      return String(error);
    }
  }

  /** Runs a compiled module, which is told the address of a Redis. @throws Error where it fails, with what it wrote */
  async run(node: string, module: string, redisUrl: string): Promise<string> {
    return run(node, [join('built', module), redisUrl], this.folder);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(name: string, content: object): void {
    writeFileSync(join(this.folder, name), JSON.stringify(content, null, 2));
  }
}
