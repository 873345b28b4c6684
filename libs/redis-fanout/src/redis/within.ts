import { StorageUnavailableError } from '../errors.js';

/** Waits for something no longer than `ms`, and not when the signal is aborted. @throws StorageUnavailableError */
export async function within<T>(ms: number, signal: AbortSignal, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let stop = (): void => undefined;
  const tooLate = new Promise<never>((_, reject) => {
    stop = (): void => {
      reject(new StorageUnavailableError(`no answer within ${ms} ms`));
    };
    timer = setTimeout(stop, ms);
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
