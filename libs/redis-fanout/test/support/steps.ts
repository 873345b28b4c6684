import type { Redis } from 'ioredis';

/** Script calls that tests look at: of building a timeline, and of delivering posts. */
export type Step = 'begin' | 'lists' | 'finish' | 'deliver' | 'record' | 'acknowledge';

/** A script call that was answered. */
export interface StepCall {
  readonly step: Step;
  /** How many keys it names: of a call that reads lists, the lists. */
  readonly keys: number;
  /** Ids of lists that it was answered. */
  readonly ids: number;
  readonly reply: unknown;
}

type Evalsha = (sha: string, keys: number, ...args: (string | number)[]) => Promise<unknown>;

/** Watches the script calls of one connection, and lets something happen between two of them. */
export class Steps {
  readonly calls: StepCall[] = [];
  private readonly actions = new Map<string, () => Promise<unknown>>();
  private readonly begun = new Map<Step, number>();

  /** The server has to know the scripts already. */
  constructor(client: Redis) {
    const evalsha = client.evalsha.bind(client) as Evalsha;
    const watched: Evalsha = async (sha, keys, ...args) => {
      const step = stepOf(args.slice(0, keys).map(String));
      if (step === undefined) return evalsha(sha, keys, ...args);
      const nth = (this.begun.get(step) ?? 0) + 1;
      this.begun.set(step, nth);
      await this.act(`before ${step} ${nth}`);
      const reply = await evalsha(sha, keys, ...args);
      const ids = step === 'lists' ? (reply as string[][]).flat().length : 0;
      this.calls.push({ step, keys, ids, reply });
      await this.act(`after ${step} ${nth}`);
      return reply;
    };
    jest.spyOn(client, 'evalsha').mockImplementation(watched as typeof client.evalsha);
  }

  /** Has something happen before or after the nth call of its kind from now on: once, and the call waits for it. */
  at(moment: string, action: () => Promise<unknown>): void {
    this.begun.clear();
    this.actions.set(moment, action);
  }

  /** Moments that did not come. */
  get outstanding(): string[] {
    return [...this.actions.keys()];
  }

  of(step: Step): StepCall[] {
    return this.calls.filter((call) => call.step === step);
  }

  /** Ids that were read of authors' lists. */
  get idsRead(): number {
    return this.calls.reduce((sum, { ids }) => sum + ids, 0);
  }

  private async act(moment: string): Promise<void> {
    const action = this.actions.get(moment);
    this.actions.delete(moment);
    await action?.();
  }
}

/** Which step a script call is, by its keys. */
function stepOf(keys: readonly string[]): Step | undefined {
  const names = keys.map((key) => key.replace(/^.*\}:/, ''));
  const [first = '', second] = names;
  if (first.startsWith('posts:') && names.every((name) => name.startsWith('posts:'))) return 'lists';
  if (first.startsWith('timeline:') && second === undefined) return 'begin';
  if (first.startsWith('timeline:') && second === 'newest-entry') return 'finish';
  if (first === 'newest-entry' && second === 'pulled') return 'deliver';
  if (first === 'last-id' && second === 'guard') return 'record';
  return first === 'outbox' && second === undefined ? 'acknowledge' : undefined;
}
