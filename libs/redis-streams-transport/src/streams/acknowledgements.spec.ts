import { Acknowledgements } from './acknowledgements.js';

/** Acknowledgements whose calls the test ends, in their order. */
function acknowledgements(): {
  readonly calls: string[][];
  readonly end: () => void;
  readonly add: (...ids: string[]) => Promise<void>;
} {
  const calls: string[][] = [];
  const ends: (() => void)[] = [];
  const subject = new Acknowledgements(async (ids) => {
    calls.push([...ids]);
    await new Promise<void>((resolve) => ends.push(resolve));
  });
  return {
    calls,
    end: () => ends.shift()?.(),
    add: async (...ids) => subject.add(ids),
  };
}

/** Whatever is due at once has happened. */
async function turn(): Promise<void> {
  await new Promise(setImmediate);
}

it('makes one call at a time, and what comes meanwhile goes together in the next one', async () => {
  const { calls, end, add } = acknowledgements();
  const ended: string[] = [];
  const adding = ['a', 'b', 'c'].map(async (id) => {
    if (id !== 'a') await turn();
    await add(id, `${id}2`);
    ended.push(id);
  });
  await turn();
  await turn();
  expect(calls).toEqual([['a', 'a2']]);
  end();
  await turn();
  expect(calls).toEqual([
    ['a', 'a2'],
    ['b', 'b2', 'c', 'c2'],
  ]);
  expect(ended).toEqual(['a']);
  end();
  await Promise.all(adding);
  expect(ended).toEqual(['a', 'b', 'c']);
});

it('lets no call grow without a limit', async () => {
  const { calls, end, add } = acknowledgements();
  const ids = Array.from({ length: 600 }, (_, i) => String(i));
  const adding = [1, 2, 3, 4, 5].map(async () => add(...ids));
  for (let call = 1; call <= 3; call++) {
    await turn();
    end();
  }
  await Promise.all(adding);
  expect(calls.map(({ length }) => length)).toEqual([1200, 1200, 600]);
});

it('calls again after all calls have ended', async () => {
  const { calls, end, add } = acknowledgements();
  for (const id of ['a', 'b']) {
    const added = add(id);
    await turn();
    end();
    await added;
  }
  expect(calls).toEqual([['a'], ['b']]);
});
