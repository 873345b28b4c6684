import { TextDecoder } from 'node:util';

/** A line of the stream, without its end; undefined where it is too long or not UTF-8. */
export interface SplitLine {
  /** Counted from 1. */
  readonly number: number;
  readonly content: string | { readonly error: string };
}

const NEWLINE = 0x0a;

/** Splits a stream of bytes into lines. Keeps at most one line of `maxBytes` in memory; a longer one is an error. */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<SplitLine[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  let rest: Buffer[] = [];
  let restBytes = 0;
  const finish = (): SplitLine => {
    number++;
    const bytes = rest.length === 1 ? rest[0] : Buffer.concat(rest);
    const tooLong = restBytes > maxBytes;
    rest = [];
    restBytes = 0;
    return {
      number,
      content: tooLong ? { error: `a line has at most ${maxBytes} bytes` } : decode(decoder, bytes),
    };
  };
  const add = (part: Buffer): void => {
    restBytes += part.length;
    // What is too long is counted, not kept.
    if (restBytes <= maxBytes) rest.push(part);
  };
  for await (const chunk of chunks) {
    const lines: SplitLine[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, end));
      lines.push(finish());
      from = end + 1;
    }
    if (from < chunk.length) add(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (restBytes > 0) yield [finish()];
}

function decode(decoder: TextDecoder, bytes: Buffer | undefined): string | { readonly error: string } {
  try {
    return decoder.decode(bytes);
  } catch {
    return { error: 'not UTF-8' };
  }
}
