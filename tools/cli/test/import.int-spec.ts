import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';

import { NO_COUNTS } from '../src/import/answer.js';
import { main } from '../src/import/main.js';
import { sendImport } from '../src/import/send.js';
import { type InputLine } from '../src/input/read-input.js';
import { splitLines } from '../src/input/split-lines.js';

const cleanups: (() => unknown)[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-'));
  cleanups.push(() => {
    rmSync(folder, { recursive: true, force: true });
  });
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

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

/** A service that takes every line, but refuses those that speak of `bad`; it answers at once. */
async function takingService(received: string[]): Promise<string> {
  return serve((request, response) => {
    // An import that breaks off breaks the connection.
    take(request, response, received).catch(() => response.destroy());
  });
}

async function take(request: IncomingMessage, response: ServerResponse, received: string[]): Promise<void> {
  let lines = 0;
  let rejected = 0;
  const progress = (): void => {
    const counts = { lines, follows: lines - rejected, posts: 0, messages: 0, rejected };
    response.write(`${JSON.stringify(counts)}\n`);
  };
  for await (const batch of splitLines(request)) {
    for (const line of batch) {
      lines++;
      received.push(line);
      if (!line.includes('bad')) continue;
      rejected++;
      response.write(`${JSON.stringify({ line: lines, error: 'no good' })}\n`);
    }
    progress();
  }
  progress();
  response.end();
}

async function runImport(...argv: string[]): Promise<{ code: number; printed: string; complained: string }> {
  const printed: string[] = [];
  const complained: string[] = [];
  const code = await main(argv, {
    print: (line) => void printed.push(line),
    complain: (line) => void complained.push(line),
    progress: new PassThrough().resume(),
    now: () => performance.now(),
  });
  return { code, printed: printed.join('\n'), complained: complained.join('\n') };
}

async function* batchesOf(count: number, size = 100): AsyncGenerator<InputLine[]> {
  for (let from = 1; from <= count; from += size) {
    await Promise.resolve();
    yield Array.from({ length: size }, (_, i) => ({ number: from + i, json: '{"follow":["a","b"]}' }));
  }
}

describe('import', () => {
  it('sends files of every form in the given order', async () => {
    const received: string[] = [];
    const url = await takingService(received);
    const graph = file('graph.txt', '# a graph\n\n1\t2\n2\t2\n3\t4\r\n');
    // Whether a file is compressed is told by what it holds, not by its name.
    const log = file('log.txt', gzipSync('a b 1341101181 RT\nb a 1341101182 RE\n'));
    const lines = file('lines.ndjson', '{"follow":["x","y"]}\n{"message":{"from":"x","to":"y","text":"t"}}');
    const { code, printed } = await runImport('--url', url, '--quiet', graph, log, lines);
    expect(received.map((line): unknown => JSON.parse(line))).toEqual([
      { follow: ['1', '2'] },
      { follow: ['3', '4'] },
      { post: { author: 'a', text: 'RT @b #1', at: '2012-07-01T00:06:21.000Z' } },
      { post: { author: 'b', text: 'RE @a #2', at: '2012-07-01T00:06:22.000Z' } },
      { follow: ['x', 'y'] },
      { message: { from: 'x', to: 'y', text: 't' } },
    ]);
    expect(printed).toMatch(/^6 lines in .* 0 rejected\n1 edges to oneself left out$/);
    expect(code).toBe(0);
  });

  it('says where the rejected lines are', async () => {
    const url = await takingService([]);
    const graph = file('graph.txt', `# a graph\n1 2\n\n\nbad 1\n3 4\nbad 2\nthree columns no\n`);
    const { code, printed, complained } = await runImport('--url', url, graph);
    expect(code).toBe(1);
    expect(printed).toContain('3 rejected');
    expect(complained.split('\n').sort()).toEqual([
      `${graph}:5: no good`,
      `${graph}:7: no good`,
      `${graph}:8: the weight of an edge is a number`,
    ]);
  });

  it('shows the first twenty rejected lines and counts the others', async () => {
    const url = await takingService([]);
    const { complained } = await runImport('--url', url, file('graph.txt', 'bad 1\n'.repeat(50)));
    expect(complained.split('\n')).toHaveLength(21);
    expect(complained).toContain('and 30 more were rejected');
  });

  it('sends the first lines of each file where it is told to', async () => {
    const received: string[] = [];
    const url = await takingService(received);
    const files = ['a', 'b'].map((name) => file(name, `# comment\n${name} 1\n${name} 2\n${name} 3\n`));
    expect((await runImport('--url', url, '--limit', '2', ...files)).printed).toContain('4 lines');
    expect(received).toHaveLength(4);
  });

  it('says when the service is not there', async () => {
    const url = await serve(() => undefined);
    await cleanups.pop()?.();
    const { code, complained } = await runImport('--url', url, file('graph.txt', '1 2\n'));
    expect(code).toBe(1);
    expect(complained).toContain(`nothing answers at ${url}; is the system running (npm start)?`);
  });

  it('says how far it came when the file is broken', async () => {
    const url = await takingService([]);
    const text = Array.from({ length: 50_000 }, (_, i) => `${i} ${i * 7919 + 1}`).join('\n');
    const whole = gzipSync(text);
    const { code, complained } = await runImport('--url', url, file('graph.gz', whole.subarray(0, -1000)));
    expect(code).toBe(1);
    expect(complained).toContain('unexpected end of file');
    expect(complained).toContain('Running it again is safe');
  });

  it.each([
    [[], 'no file is given'],
    [['/nowhere/graph.txt'], 'there is no file /nowhere/graph.txt'],
    [['--as', 'songs', __filename], '--as takes follows, posts, ndjson'],
    [['--limit', '0', __filename], '--limit takes a whole number'],
    [['--url', 'localhost', __filename], '--url takes an http(s) URL'],
    [['--nonsense'], 'nonsense'],
  ])('explains what is wrong about %j', async (argv, message) => {
    const { code, complained } = await runImport(...argv);
    expect(code).toBe(2);
    expect(complained).toContain(message);
  });

  it('explains itself', async () => {
    expect((await runImport('--help')).printed).toContain('Usage: npm run import');
  });
});

describe('sendImport', () => {
  const quiet = { onProgress: () => undefined, onRejected: () => undefined };

  it('reads no more of the input than the service takes', async () => {
    let release: () => void = () => undefined;
    const url = await serve((request, response) => {
      response.writeHead(200).flushHeaders();
      request.pause();
      release = () => void take(request, response, []);
    });
    let taken = 0;
    async function* endless(): AsyncGenerator<InputLine[]> {
      for await (const batch of batchesOf(1_000_000, 1000)) {
        taken += batch.length;
        yield batch;
        if (taken === 200_000) return;
      }
    }
    const sending = sendImport(endless(), { url, ...quiet });
    // The sockets on both sides fill up with a few megabytes; then nothing more is read.
    let before = -1;
    while (taken !== before) {
      before = taken;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(taken).toBeLessThan(200_000);
    release();
    expect(await sending).toMatchObject({ counts: { lines: 200_000 }, failure: undefined });
  });

  it('reads the answer while it sends', async () => {
    const url = await takingService([]);
    const seen: number[] = [];
    let sent = 0;
    async function* slow(): AsyncGenerator<InputLine[]> {
      for await (const batch of batchesOf(5, 1)) {
        yield batch;
        sent++;
        while (seen.at(-1) !== sent) await new Promise((resolve) => setImmediate(resolve));
      }
    }
    const onProgress = ({ lines }: { lines: number }): void => void seen.push(lines);
    expect(await sendImport(slow(), { url, ...quiet, onProgress })).toMatchObject({ failure: undefined });
    expect(sent).toBe(5);
  });

  it('tells a refusal of the whole from a refused line', async () => {
    const url = await serve((_, response) => {
      const problem = { title: 'Storage unavailable', detail: 'Redis is out of reach' };
      response.writeHead(503, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
    });
    const result = await sendImport(batchesOf(1_000_000), { url, ...quiet });
    expect(result).toEqual({ counts: NO_COUNTS, failure: 'the service answered 503: Redis is out of reach' });
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    ['breaks', (response) => void response.socket?.destroy(), 'ECONNRESET'],
    ['ends early', (response) => void response.end(), 'the answer ended before everything was sent'],
    ['is nonsense', (response) => void response.write('{"ok":true}\n'), 'no progress and no rejection'],
    ['is silent', () => undefined, 'said nothing for 300 ms'],
  ])('gives up when the answer %s', async (_, behave, failure) => {
    const url = await serve((request, response) => {
      request.resume();
      response.write('{"lines":3,"follows":3,"posts":0,"messages":0,"rejected":0}\n', () => {
        behave(response);
      });
    });
    async function* endless(): AsyncGenerator<InputLine[]> {
      for (let i = 1; ; i++) {
        yield [{ number: i, json: '{}' }];
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    const result = await sendImport(endless(), { url, ...quiet, silenceMs: 300 });
    expect(result.counts.lines).toBe(3);
    expect(result.failure).toContain(failure);
  });

  it('counts what was never acknowledged as a failure', async () => {
    const url = await serve((request, response) => {
      request.resume().on('end', () => response.end('{"lines":3,"follows":3,"rejected":0}\n'));
    });
    const result = await sendImport(batchesOf(10, 10), { url, ...quiet });
    expect(result.failure).toBe('the answer ended while 7 lines were not acknowledged');
  });

  it('ends when it is interrupted', async () => {
    const interrupted = new AbortController();
    const url = await serve((request) => {
      request.resume();
      interrupted.abort(new Error('interrupted'));
    });
    const result = await sendImport(batchesOf(100_000_000), { url, ...quiet, signal: interrupted.signal });
    expect(result.failure).toBe('interrupted');
  });
});
