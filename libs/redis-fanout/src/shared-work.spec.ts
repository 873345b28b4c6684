import { setImmediate } from 'node:timers/promises';

import { SharedWork } from './shared-work.js';

/** Work that ends when it is told to. */
class Jobs {
  readonly begun: string[] = [];
  private readonly ends: ((error?: Error) => void)[] = [];
  readonly shared = new SharedWork(async (name) => {
    const result = `${name} ${this.begun.push(name)}`;
    await new Promise<void>((resolve, reject) => {
      this.ends.push((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    return result;
  });

  /** Ends the nth job, and lets what follows from it happen. */
  async end(nth: number, error?: Error): Promise<void> {
    this.ends[nth - 1]?.(error);
    await settled();
  }
}

async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await setImmediate();
}

describe('shared work', () => {
  it('is done once for those who ask before it begins', async () => {
    const jobs = new Jobs();
    const results = Promise.all([jobs.shared.do('a'), jobs.shared.do('a'), jobs.shared.do('a')]);
    await settled();
    await jobs.end(1);
    expect(await results).toEqual(['a 1', 'a 1', 'a 1']);
    expect(jobs.begun).toEqual(['a']);
  });

  it('is done once more, afterwards, for all who ask while it is done', async () => {
    const jobs = new Jobs();
    const first = jobs.shared.do('a');
    await settled();
    const later = Promise.all([jobs.shared.do('a'), jobs.shared.do('a')]);
    await settled();
    expect(jobs.begun).toEqual(['a']);
    await jobs.end(1);
    expect(await first).toBe('a 1');
    expect(jobs.begun).toEqual(['a', 'a']);
    const last = jobs.shared.do('a');
    await jobs.end(2);
    expect(await later).toEqual(['a 2', 'a 2']);
    await jobs.end(3);
    expect(await last).toBe('a 3');
  });

  it('is done at the same time where the names differ', async () => {
    const jobs = new Jobs();
    const both = [jobs.shared.do('a'), jobs.shared.do('b')];
    await settled();
    expect(jobs.begun).toEqual(['a', 'b']);
    await Promise.all([jobs.end(1), jobs.end(2)]);
    expect(await Promise.all(both)).toEqual(['a 1', 'b 2']);
  });

  it('fails for those who shared it alone', async () => {
    const jobs = new Jobs();
    const failed = Promise.allSettled([jobs.shared.do('a'), jobs.shared.do('a')]);
    await settled();
    const later = jobs.shared.do('a');
    await jobs.end(1, new Error('lost'));
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await jobs.end(2);
    expect(await later).toBe('a 2');
  });
});
