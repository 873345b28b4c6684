import fc from 'fast-check';

export const RECIPIENTS = ['ann', 'bob', 'cid'] as const;
export const SOURCES = ['news', 'sport', 'weather'] as const;

const recipient = fc.constantFrom(...RECIPIENTS);
const source = fc.constantFrom(...SOURCES);
/** Which of two processes does it. */
const by = fc.constantFrom(0, 1);
const limit = fc.integer({ min: 1, max: 7 });
/** A place in a list, whatever its length. */
const place = fc.nat(1000);

/** One step of a random life; what a strategy cannot do is left out. */
export const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('publish' as const), by, source }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('publishWithKey' as const),
      by,
      source,
      key: fc.constantFrom('a', 'b'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('burst' as const), count: limit }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('subscribe' as const), by, recipient, source, from: place }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unsubscribe' as const), by, recipient, source }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('read' as const), by, recipient, limit }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('take' as const), by, recipient, limit }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('takeAndLose' as const), by, recipient, limit }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('acknowledge' as const),
      by,
      recipient,
      some: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('backlog' as const), by, recipient }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('replay' as const), by, recipient, source, from: place }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('listen' as const), by, recipient }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stopListening' as const), recipient }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), by }) },
);

export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
/** A step of one kind. */
export type StepOf<Kind extends Step['do']> = Extract<Step, { do: Kind }>;
