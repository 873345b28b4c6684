import { Turns } from './turns.js';

/** An action that waits to be told how it ends. */
class Open {
  private readonly ending: Promise<string>;
  private settle: (error?: Error) => void = () => undefined;

  constructor(
    private readonly name: string,
    private readonly begun: string[],
  ) {
    this.ending = new Promise((resolve, reject) => {
      this.settle = (error) => {
        if (error === undefined) resolve(name);
        else reject(error);
      };
    });
  }

  readonly action = async (): Promise<string> => {
    this.begun.push(this.name);
    return this.ending;
  };

  end(error?: Error): void {
    this.settle(error);
  }
}

const settled = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('are taken one after the other under the same name, in order, and else at once', async () => {
    const begun: string[] = [];
    const turns = new Turns();
    const [one, two, three, four] = ['one', 'two', 'three', 'four'].map((name) => new Open(name, begun));
    const taken = [
      turns.take(['a', 'b'], one!.action),
      turns.take(['b', 'c'], two!.action),
      turns.take(['c'], three!.action),
      turns.take(['d'], four!.action),
    ];
    await settled();
    expect(begun).toEqual(['one', 'four']);
    one!.end();
    await settled();
    expect(begun).toEqual(['one', 'four', 'two']);
    two!.end();
    await settled();
    expect(begun).toEqual(['one', 'four', 'two', 'three']);
    three!.end();
    four!.end();
    expect(await Promise.all(taken)).toEqual(['one', 'two', 'three', 'four']);
  });

  it('are not taken after one that failed', async () => {
    const begun: string[] = [];
    const turns = new Turns();
    const [one, two, three] = ['one', 'two', 'three'].map((name) => new Open(name, begun));
    const taken = [
      turns.take(['a'], one!.action),
      turns.take(['a', 'b'], two!.action),
      turns.take(['c'], three!.action),
    ];
    await settled();
    const error = new Error('away');
    one!.end(error);
    three!.end();
    expect(await Promise.allSettled(taken)).toEqual([
      { status: 'rejected', reason: error },
      { status: 'rejected', reason: error },
      { status: 'fulfilled', value: 'three' },
    ]);
    expect(begun).toEqual(['one', 'three']);
  });
});
