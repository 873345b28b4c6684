import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { build } from 'esbuild';
import { onCleanUp } from 'test-support';

const PAGE = '<!doctype html><meta charset="utf-8"><title>live</title><script src="/page.js"></script>';

/** The page's script with the built client, as an app would bundle it. */
export async function bundlePage(): Promise<string> {
  const client = join(__dirname, '../../../../libs/redis-fanout-client/dist/index.js');
  if (!existsSync(client)) throw new Error('build first: npx nx build redis-fanout-client');
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, 'page.ts')],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** Serves a page with a script, on an origin of its own. Stopped by `cleanUp`. @returns the origin */
export async function servePage(script: string): Promise<string> {
  const server = createServer(({ url }, response) => {
    const [type, body] = url === '/page.js' ? ['text/javascript', script] : ['text/html', PAGE];
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onCleanUp(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
