import type { RawData } from 'ws';

/** What a client may say: where it goes on. */
export interface ResumeFrame {
  readonly resume: string;
}

/** Reads a frame of a client; undefined where it is malformed. */
export function parseFrame(data: RawData, isBinary: boolean): ResumeFrame | undefined {
  if (isBinary) return undefined;
  try {
    const frame = JSON.parse((data as Buffer).toString()) as unknown;
    if (typeof frame !== 'object' || frame === null || Object.keys(frame).join() !== 'resume')
      return undefined;
    const { resume } = frame as { resume: unknown };
    return typeof resume === 'string' ? { resume } : undefined;
  } catch {
    return undefined;
  }
}
