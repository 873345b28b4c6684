import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';

import { main } from '../src/compare/main.js';
import { buildModel, randomInput, type ShownPost, untilSettled } from '../src/index.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function inputFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'compare-'));
  cleanups.push(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const file = join(folder, 'input.ndjson');
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return file;
}

const lines = randomInput({ seed: 5 });
const model = buildModel(lines);

/** A timeline service that shows the model, but for what `change` changes. */
async function timelineServer(change: (items: ShownPost[]) => ShownPost[]): Promise<string> {
  return serve((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const reader = decodeURIComponent(url.pathname.replace('/timelines/', ''));
    const timeline = model.timeline(reader);
    const items = timeline.map(({ author, text, atMs }, i) => ({
      id: String(10n ** 18n + BigInt(timeline.length - i)),
      author,
      text,
      createdAt: new Date(atMs).toISOString(),
    }));
    const changed = change(items);
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const to = from + Number(url.searchParams.get('limit'));
    const nextCursor = to < changed.length ? String(to) : null;
    response.end(JSON.stringify({ items: changed.slice(from, to), nextCursor }));
  });
}

async function compare(...argv: string[]): Promise<{ code: number; output: string }> {
  const output: string[] = [];
  const say = (line: string): void => void output.push(line);
  const progress = new Writable();
  const code = await main(argv, { print: say, complain: say, progress, now: () => performance.now() });
  return { code, output: output.join('\n') };
}

describe('compare', () => {
  it('waits for the fan-out, then finds that everything is as it should be', async () => {
    const left = [500, 20, 0];
    const worker = await serve((_, response) =>
      response.end(JSON.stringify({ waiting: left.shift(), pending: 0 })),
    );
    const url = await timelineServer((items) => items);
    const { code, output } = await compare('--timeline-url', url, '--worker-url', worker, inputFile());
    expect(output).toMatch(/timelines, \d+ posts on \d+ pages: all as they should be$/);
    expect(code).toBe(0);
    expect(left).toEqual([]);
  });

  it('tells what differs', async () => {
    const url = await timelineServer((items) => items.toSpliced(1, 1));
    const { code, output } = await compare('--no-wait', '--timeline-url', url, '--readers', '9', inputFile());
    expect(code).toBe(1);
    expect(output).toMatch(/^user-\d+: missing: user-\d+ at 20\S+Z: "post \d+"$/m);
    expect(output).toMatch(/timelines differ$/);
  });

  it.each([
    [['--limit', '101'], 2, 'page sizes from 1 to 100'],
    [['--worker-url', 'http://127.0.0.1:1'], 1, 'no answer from http://127.0.0.1:1/lag'],
  ])('explains what is wrong about %j', async (argv, code, message) => {
    const result = await compare(...argv, inputFile());
    expect(result.output).toContain(message);
    expect(result.code).toBe(code);
  });
});

describe('untilSettled', () => {
  it('gives up when nothing is delivered any more', async () => {
    const worker = await serve((_, response) => response.end('{"waiting":3,"pending":2}'));
    await expect(untilSettled(worker, { pollMs: 1, stallMs: 50 })).rejects.toThrow('with 5 posts to deliver');
  });
});
