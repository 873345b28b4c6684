import { basename } from 'node:path';

import { type InputFile, readInput } from '../input/read-input.js';
import { type Terminal } from '../terminal.js';
import { addCounts, type ImportCounts, NO_COUNTS } from './answer.js';
import { type ImportOptions } from './options.js';
import { createProgress, type ProgressState } from './progress.js';
import { sendImport } from './send.js';

/** So many rejected lines are shown. */
const SHOWN_REJECTIONS = 20;

/** What an import came to. */
export interface ImportSummary {
  readonly counts: ImportCounts;
  /** Lines that were never sent, because they are not of their file's format. */
  readonly unreadable: number;
  readonly selfLoops: number;
  /** The first rejections, each with its place: `file:line: error`. */
  readonly rejections: readonly string[];
  readonly failure: string | undefined;
  readonly seconds: number;
}

/** Sends the files one after the other; the first that breaks off ends the import. */
export async function importFiles(
  options: ImportOptions,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<ImportSummary> {
  const run = new ImportRun(options, terminal, signal);
  for (const file of options.files) {
    await run.send(file);
    if (run.failure !== undefined) break;
  }
  return run.summary();
}

class ImportRun {
  failure: string | undefined;
  private counts = NO_COUNTS;
  private unreadable = 0;
  private selfLoops = 0;
  private readonly rejections: string[] = [];
  private readonly startedAt: number;

  constructor(
    private readonly options: ImportOptions,
    private readonly terminal: Terminal,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.startedAt = terminal.now();
  }

  async send(name: string): Promise<void> {
    const file = await readInput(name, this.options, (_, line, error) => {
      this.unreadable++;
      this.reject(name, line, error);
    });
    const progress = createProgress(this.terminal, this.options.quiet);
    const { counts, failure } = await sendImport(file.batches, {
      url: this.options.url,
      signal: this.signal,
      onProgress: (soFar, sent) => {
        progress.update(this.state(file, soFar, sent));
      },
      onRejected: (line, error) => {
        this.reject(name, line, error);
      },
    });
    progress.stop();
    this.counts = addCounts(this.counts, counts);
    this.selfLoops += file.selfLoops;
    if (failure !== undefined) {
      this.failure = `${name}: ${failure}; ${counts.lines} of its lines were acknowledged`;
    }
  }

  summary(): ImportSummary {
    const { counts, unreadable, selfLoops, rejections, failure } = this;
    return { counts, unreadable, selfLoops, rejections, failure, seconds: this.seconds() };
  }

  private state(file: InputFile, soFar: ImportCounts, sent: number): ProgressState {
    // Much is read ahead of what the service has taken, more so from a compressed file.
    const taken = file.bytesRead() * Math.min(1, soFar.lines / Math.max(1, sent));
    return {
      file: basename(file.name),
      part: taken / Math.max(1, file.totalBytes),
      lines: soFar.lines,
      linesPerSecond: (this.counts.lines + soFar.lines) / this.seconds(),
      rejected: this.unreadable + this.counts.rejected + soFar.rejected,
    };
  }

  private seconds(): number {
    return Math.max(0.001, (this.terminal.now() - this.startedAt) / 1000);
  }

  private reject(file: string, line: number, error: string): void {
    if (this.rejections.length < SHOWN_REJECTIONS) this.rejections.push(`${file}:${line}: ${error}`);
  }
}
