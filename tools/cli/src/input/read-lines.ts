import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

import { splitLines } from './split-lines.js';

export interface LineReader {
  /** The size of the file as it lies on the disk. */
  readonly totalBytes: number;
  /** How much of the file has been read, in bytes on the disk. */
  readonly bytesRead: () => number;
  /** The lines in batches, as they come off the disk; whoever reads slowly slows the reading. */
  readonly batches: AsyncIterable<string[]>;
}

/** Opens a text file, plain or gzip; which of the two is told by its first bytes, not by its name. */
export async function readLines(file: string): Promise<LineReader> {
  const { size } = await stat(file);
  const source = createReadStream(file, { highWaterMark: 64 * 1024 });
  const plain = (await isGzip(file)) ? source.pipe(createGunzip()) : source;
  source.once('error', (error) => plain.destroy(error));
  return {
    totalBytes: size,
    bytesRead: () => source.bytesRead,
    batches: closing(splitLines(plain), () => source.destroy()),
  };
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

async function* closing(batches: AsyncIterable<string[]>, close: () => void): AsyncGenerator<string[]> {
  try {
    yield* batches;
  } finally {
    close();
  }
}
