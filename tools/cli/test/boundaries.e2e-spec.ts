import { execFile } from 'node:child_process';
import { join } from 'node:path';

const workspace = join(__dirname, '../../..');

const FORBIDDEN = [
  ['apps/post-service', '../../notifier/src/main.js'],
  ['apps/post-service', 'cli'],
  ['apps/post-service', 'embedded-redis'],
  ['apps/post-service', 'test-support'],
  ['libs/redis-fanout', 'service-host'],
  ['libs/redis-fanout', '@nestjs/common'],
  ['libs/redis-fanout-client', 'redis-fanout'],
  ['libs/redis-streams-transport', 'redis-fanout'],
  ['libs/service-host', 'redis-streams-transport'],
  ['tools/cli', 'test-support'],
] as const;
const ALLOWED = [
  ['apps/post-service', 'redis-fanout'],
  ['apps/post-service', 'service-host'],
  ['apps/fanout-worker', 'redis-streams-transport'],
  ['libs/redis-fanout', 'ioredis'],
  ['tools/cli', 'embedded-redis'],
] as const;

interface Message {
  readonly ruleId: string | null;
}

/** The rules that imports break, each standing in a file of its project. */
async function brokenRules(
  imports: readonly (readonly [project: string, specifier: string])[],
): Promise<string[]> {
  const texts = imports.map(([project, specifier]) => ({
    path: join(workspace, project, 'src/probe.ts'),
    text: `import * as probe from '${specifier}';\n\nexport const found: unknown = probe;\n`,
  }));
  const output = await new Promise<string>((resolve, reject) => {
    const args = [join(__dirname, 'lint-texts.mjs'), workspace];
    const options = { cwd: workspace, env: { ...process.env, NX_DAEMON: 'false' } };
    const child = execFile(process.execPath, args, options, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(new Error('the lint did not run', { cause: error }));
    });
    child.stdin?.end(JSON.stringify(texts));
  });
  return (JSON.parse(output) as Message[][]).map((messages, i) => {
    const [project, specifier] = imports[i]!;
    return `${project} -> ${specifier}: ${messages.map(({ ruleId }) => ruleId).join()}`;
  });
}

describe('the lint', () => {
  it('refuses imports across boundaries, and no others', async () => {
    expect(await brokenRules([...FORBIDDEN, ...ALLOWED])).toEqual([
      ...FORBIDDEN.map((each) => `${each.join(' -> ')}: @nx/enforce-module-boundaries`),
      ...ALLOWED.map((each) => `${each.join(' -> ')}: `),
    ]);
  });
});
