import { type InputFormat } from './line.js';
import { detectFormat, isSkipped, parseLine } from './parse.js';
import { type LineReader, readLines } from './read-lines.js';

export interface InputOptions {
  /** Takes the file for this; otherwise its first line tells. */
  readonly as?: InputFormat | undefined;
  /** Stops after so many lines that are neither blank nor comments. */
  readonly limit?: number | undefined;
}

/** A line that goes over the wire, with its number in its file. */
export interface InputLine {
  readonly number: number;
  readonly json: string;
}

/** What one file yields, and what was left out of it. The counts are complete once the batches have been read. */
export interface InputFile {
  readonly name: string;
  readonly totalBytes: number;
  readonly bytesRead: () => number;
  readonly batches: AsyncIterable<InputLine[]>;
  /** Lines in which somebody follows themselves. */
  selfLoops: number;
}

/** Called for a line that is not of its file's format. */
export type OnBadLine = (file: string, number: number, error: string) => void;

/**
 * Reads a follow graph, an event log or NDJSON, plain or gzip, as lines of `POST /import`. Blank lines and comments are
 * skipped; the file is never held as a whole.
 */
export async function readInput(name: string, options: InputOptions, onBad: OnBadLine): Promise<InputFile> {
  const lines = await readLines(name);
  const file: InputFile = {
    name,
    totalBytes: lines.totalBytes,
    bytesRead: lines.bytesRead,
    batches: { [Symbol.asyncIterator]: () => parse(lines, file, options, onBad) },
    selfLoops: 0,
  };
  return file;
}

async function* parse(
  lines: LineReader,
  file: InputFile,
  options: InputOptions,
  onBad: OnBadLine,
): AsyncGenerator<InputLine[]> {
  let format = options.as;
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  let number = 0;
  for await (const batch of lines.batches) {
    const sent: InputLine[] = [];
    for (const line of batch) {
      number++;
      if (isSkipped(line)) continue;
      if (left-- <= 0) break;
      format ??= detectFormat(line);
      const parsed = parseLine(line, format, number);
      if (parsed.kind === 'send') sent.push({ number, json: parsed.json });
      else if (parsed.kind === 'self') file.selfLoops++;
      else if (parsed.kind === 'bad') onBad(file.name, number, parsed.error);
    }
    if (sent.length > 0) yield sent;
    if (left <= 0) return;
  }
}
