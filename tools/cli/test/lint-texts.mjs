/**
 * Lints texts as if they lay at paths of the workspace: `node lint-texts.mjs WORKSPACE`, with `[{ path, text }]` on
 * stdin and the messages of each on stdout. Without the project graph the rule about boundaries says nothing at all, so
 * the graph is made first. No file is written: rules that need types cannot run on a text, and are left out.
 */
import { ESLint } from 'eslint';
import { execFileSync } from 'node:child_process';
import { json } from 'node:stream/consumers';
import tseslint from 'typescript-eslint';

const [workspace] = process.argv.slice(2);
process.chdir(workspace);
// Any command of Nx leaves the graph in its cache.
execFileSync(process.execPath, ['node_modules/.bin/nx', 'show', 'projects'], { stdio: 'ignore' });
const eslint = new ESLint({ cwd: workspace, overrideConfig: tseslint.configs.disableTypeChecked });
const messages = [];
for (const { path, text } of await json(process.stdin)) {
  const [result] = await eslint.lintText(text, { filePath: path });
  messages.push(result.messages);
}
process.stdout.write(JSON.stringify(messages), () => process.exit());
