import { Readable } from 'node:stream';

import { BlockedError, type Fanout, type MessageDraft, StorageUnavailableError } from 'redis-fanout';

import { Importer, type ImportProgress, type RejectedLine } from './importer.js';

/** Takes messages as Redis does when several nodes serve: the later of two calls may be there first. */
class UnevenMessages {
  readonly accepted: string[] = [];
  readonly requests = new Set<string>();
  private calls = 0;

  constructor(private readonly failure: (text: string, call: number) => Error | undefined) {}

  async send({ text, requestId = '' }: MessageDraft): Promise<void> {
    const call = this.calls++;
    for (let i = 0; i < (7 * call) % 5; i++) await new Promise((resolve) => setImmediate(resolve));
    this.requests.add(requestId);
    const failure = this.failure(text, call);
    if (failure !== undefined) throw failure;
    this.accepted.push(text);
  }
}

interface Imported {
  readonly messages: UnevenMessages;
  readonly rejected: readonly RejectedLine[];
  readonly progress: ImportProgress;
}

async function importAll(
  lines: readonly (readonly [from: string, to: string])[],
  failure: (text: string, call: number) => Error | undefined,
): Promise<Imported> {
  const messages = new UnevenMessages(failure);
  const importer = new Importer({ messages } as unknown as Fanout);
  const body = lines.map(([from, to], i) => JSON.stringify({ message: { from, to, text: String(i) } }));
  const progress: ImportProgress = { lines: 0, follows: 0, posts: 0, messages: 0, rejected: 0 };
  const rejected: RejectedLine[] = [];
  const chunks = Readable.from([Buffer.from(`${body.join('\n')}\n`)]);
  for await (const line of importer.import(chunks, progress, new AbortController().signal))
    rejected.push(line);
  return { messages, rejected, progress };
}

const numbers = (length: number): string[] => Array.from({ length }, (_, i) => String(i));

describe('an import of messages', () => {
  it('keeps the order of those to the same user, and of those between two', async () => {
    const toOne = Array.from({ length: 30 }, (_, i) => [`sender-${i}`, 'bob'] as const);
    expect((await importAll(toOne, () => undefined)).messages.accepted).toEqual(numbers(30));
    const between = Array.from({ length: 30 }, (_, i) =>
      i % 3 === 0 ? (['ann', 'bob'] as const) : (['bob', 'ann'] as const),
    );
    expect((await importAll(between, () => undefined)).messages.accepted).toEqual(numbers(30));
  });

  it('keeps it where one of them has to wait for Redis, under the same name, and does not hold up the others', async () => {
    const lines = Array.from({ length: 30 }, (_, i) => ['ann', i % 2 === 0 ? 'bob' : `user-${i}`] as const);
    let isAway = true;
    const { messages, rejected, progress } = await importAll(lines, (text) => {
      if (text !== '10' || !isAway) return undefined;
      isAway = false;
      return new StorageUnavailableError('away');
    });
    const even = messages.accepted.filter((text) => Number(text) % 2 === 0);
    expect(even).toEqual(numbers(30).filter((text) => Number(text) % 2 === 0));
    expect(messages.accepted.indexOf('29')).toBeLessThan(messages.accepted.indexOf('10'));
    expect(messages.accepted).toHaveLength(30);
    expect(messages.requests.size).toBe(30);
    expect([rejected, progress.messages]).toEqual([[], 30]);
  });

  it('goes on behind one that is refused', async () => {
    const lines = Array.from({ length: 10 }, () => ['ann', 'bob'] as const);
    const { messages, rejected, progress } = await importAll(lines, (text) =>
      text === '4' ? new BlockedError('ann', 'bob') : undefined,
    );
    expect(messages.accepted).toEqual(numbers(10).filter((text) => text !== '4'));
    expect(rejected).toEqual([{ line: 5, error: 'ann or bob has blocked the other' }]);
    expect(progress).toMatchObject({ lines: 10, messages: 9, rejected: 1 });
  });
});
