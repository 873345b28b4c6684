import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';
import { BacklogFullError, Fanout, FanoutError, isStorageUnavailable } from 'redis-fanout';
import { MAX_BODY_BYTES } from 'service-host';

import { type ImportLine, ImportLineError, type ImportMessage, parseImportLine } from './import-line.js';
import { type SplitLine, splitLines } from './split-lines.js';
import { Turns } from './turns.js';

/** How far an import is. */
export interface ImportProgress {
  lines: number;
  follows: number;
  posts: number;
  messages: number;
  rejected: number;
}

/** A line that was left out. */
export interface RejectedLine {
  /** Counted from 1. */
  readonly line: number;
  readonly error: string;
}

/** Lines under way to Redis at the same time. */
const WINDOW = 500;
const RETRY_MS = 200;
/** A Redis that is away for longer ends the import. */
const STORAGE_PATIENCE_MS = 60_000;
/** A line that is tried again within this time is the same post. */
const KEEP_MS = 10 * 60_000;

interface Outcome {
  readonly line: number;
  readonly error?: string;
  /** Where the line waits for room in the backlog, or for Redis. */
  readonly again?: unknown;
}

/** Brings in follows, posts and messages, line by line, in the order in which they come. */
@Injectable()
export class Importer {
  constructor(private readonly fanout: Fanout) {}

  /**
   * Imports what the stream holds; `progress` counts as it goes. A bad line is told and left out. Where the fan-out is
   * behind the import waits for it; where Redis is away it waits a minute.
   *
   * @throws StorageUnavailableError where Redis stays away
   */
  async *import(
    chunks: AsyncIterable<Buffer>,
    progress: ImportProgress,
    signal: AbortSignal,
  ): AsyncGenerator<RejectedLine> {
    const id = randomUUID();
    for await (const lines of splitLines(chunks, MAX_BODY_BYTES)) {
      for (let from = 0; from < lines.length; from += WINDOW) {
        yield* this.importAll(lines.slice(from, from + WINDOW), progress, id, signal);
      }
    }
  }

  private async *importAll(
    lines: readonly SplitLine[],
    progress: ImportProgress,
    id: string,
    signal: AbortSignal,
  ): AsyncGenerator<RejectedLine> {
    let remaining = lines;
    let waitedMs = 0;
    while (remaining.length > 0) {
      const turns = new Turns();
      const outcomes = await Promise.all(remaining.map((line) => this.importLine(line, progress, id, turns)));
      const delayed = outcomes.filter(({ again }) => again !== undefined);
      progress.lines += outcomes.length - delayed.length;
      for (const { line, error } of outcomes) {
        if (error === undefined) continue;
        progress.rejected++;
        yield { line, error };
      }
      if (delayed.length === 0) return;
      const [reason] = delayed.map(({ again }) => again);
      waitedMs = reason instanceof BacklogFullError ? 0 : waitedMs + RETRY_MS;
      if (waitedMs > STORAGE_PATIENCE_MS) throw reason;
      await delay(RETRY_MS, undefined, { signal });
      const numbers = new Set(delayed.map(({ line }) => line));
      remaining = remaining.filter(({ number }) => numbers.has(number));
    }
  }

  private async importLine(
    { number, content }: SplitLine,
    progress: ImportProgress,
    id: string,
    turns: Turns,
  ): Promise<Outcome> {
    if (typeof content !== 'string') return { line: number, error: content.error };
    if (content.trim() === '') return { line: number };
    try {
      await this.store(parseImportLine(content), progress, `${id}:${number}`, turns);
      return { line: number };
    } catch (error) {
      if (error instanceof BacklogFullError || isStorageUnavailable(error))
        return { line: number, again: error };
      if (error instanceof ImportLineError || error instanceof FanoutError) {
        return { line: number, error: error.message };
      }
      throw error;
    }
  }

  private async store(line: ImportLine, progress: ImportProgress, key: string, turns: Turns): Promise<void> {
    if ('follow' in line) {
      await this.fanout.follows.import(line.follow.reader, line.follow.author);
      progress.follows++;
      return;
    }
    if ('message' in line) {
      await this.send(line.message, key, turns);
      progress.messages++;
      return;
    }
    const { author, text, atMs } = line.post;
    if (atMs === undefined) {
      const idempotency = { key, fingerprint: '', keepMs: KEEP_MS };
      // Where one post of an author waits for room, so do those after it.
      await turns.take([`by ${author}`], async () =>
        this.fanout.posts.publish({ author, text, rateLimited: false, idempotency }),
      );
    } else {
      await this.fanout.posts.import({ author, text, atMs });
    }
    progress.posts++;
  }

  /**
   * Messages to the same user, or between the same two, keep their order: where one waits for Redis, so do those after it.
   */
  private async send(message: ImportMessage, requestId: string, turns: Turns): Promise<void> {
    const { from, to } = message;
    const refusal = await turns.take([`to ${to}`, `between ${[from, to].sort().join(' ')}`], async () => {
      try {
        await this.fanout.messages.send({ ...message, requestId });
        return undefined;
      } catch (error) {
        if (isStorageUnavailable(error)) throw error;
        return error;
      }
    });
    if (refusal !== undefined) throw refusal as Error;
  }
}
