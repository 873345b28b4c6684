/**
 * Compares the API reference in `docs/api` with what the sources say now; `nx run redis-fanout:api-docs` renews it.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { binary, runChild } from './child.mjs';

const COMMITTED = 'docs/api';
const OPTIONS = 'libs/redis-fanout/typedoc.json';

/** The paths of files that only one of two folders has, or that are not the same in both. */
function differences(a, b) {
  const files = new Set([...filesOf(a), ...filesOf(b)]);
  return [...files].filter((file) => textOf(join(a, file)) !== textOf(join(b, file)));
}

function filesOf(folder) {
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    : [];
}

function textOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

const fresh = mkdtempSync(join(tmpdir(), 'api-reference-'));
try {
  const { ok } = await runChild(process.execPath, [binary('typedoc'), '--options', OPTIONS, '--out', fresh]);
  const differing = ok ? differences(COMMITTED, fresh) : [];
  if (differing.length > 0) {
    console.error(`${COMMITTED} is not what the sources say: ${differing.join(', ')}`);
    console.error('Renew it by: npx nx run redis-fanout:api-docs');
  }
  process.exitCode = ok && differing.length === 0 ? 0 : 1;
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
