import { checkIdempotencyKey } from '../strategies/checks.js';

/** What was published under an idempotency key. */
interface Publishing {
  readonly id: string;
  readonly json: string;
}

/** The idempotency keys of all sources, each for a time. */
export class IdempotencyKeys {
  private readonly publishings = new Map<string, Publishing & { readonly untilMs: number }>();

  /** What the key of a source stands for, where it was used before. @throws InvalidOptionError */
  earlier(source: string, key: string | undefined): Publishing | undefined {
    if (key === undefined) return undefined;
    checkIdempotencyKey(key);
    this.forgetOld();
    const publishing = this.publishings.get(nameOf(source, key));
    return publishing !== undefined && publishing.untilMs > Date.now() ? publishing : undefined;
  }

  note(source: string, key: string | undefined, windowMs: number, publishing: Publishing): void {
    if (key === undefined) return;
    const name = nameOf(source, key);
    this.publishings.delete(name);
    this.publishings.set(name, { ...publishing, untilMs: Date.now() + windowMs });
  }

  /** The oldest come first; one whose window is longer keeps those behind it a while. */
  private forgetOld(): void {
    for (const [name, { untilMs }] of this.publishings) {
      if (untilMs > Date.now()) break;
      this.publishings.delete(name);
    }
  }
}

/** A space is in no source's name. */
function nameOf(source: string, key: string): string {
  return `${source} ${key}`;
}
