import { OnDemand } from './on-demand.js';

class Numbered extends OnDemand<{ readonly n: number }, number> {
  readonly told: string[] = [];

  protected override async start({ n }: { readonly n: number }): Promise<number> {
    this.told.push(`${n} runs`);
    this.stopLater({ stop: async () => Promise.resolve(void this.told.push(`${n} stops`)) });
    if (n === 13) throw new Error('no good');
    return Promise.resolve(n);
  }
}

it('starts each when it is needed first, and stops all that runs, the last one first', async () => {
  const numbers = new Numbered();
  expect(await numbers.get({ n: 1 })).toBe(1);
  await numbers.get({ n: 1 });
  await numbers.get({ n: 2 });
  await expect(numbers.get({ n: 13 })).rejects.toThrow('no good');
  await numbers.stop();
  await numbers.stop();
  await numbers.get({ n: 1 });
  expect(numbers.told).toEqual(['1 runs', '2 runs', '13 runs', '13 stops', '2 stops', '1 stops', '1 runs']);
});
