import type { Capabilities } from '../../src/index.js';
import { BROKEN_PROMISES } from './broken-promises.js';
import { inAllWays } from './check.js';
import { failuresOf } from './conformance.js';
import {
  type Defect,
  doubledPush,
  droppedPush,
  harmed,
  lostAcknowledgement,
  lying,
  swappedOrder,
} from './harmed.js';
import { MEMORY_SUBJECTS } from './memory-subjects.js';

const REACHES = 'reaches every recipient once, and nobody else';
const IN_ORDER = 'brings the messages of a source in their order, or says that it does not';
const ONCE = 'publishes once what is repeated under one key, or refuses keys';

/** The defects that a strategy may have, each with the checks that are to catch it. */
function defectsOf(capabilities: Capabilities): [string, Defect, string[]][] {
  const lostOnes = [
    'hands out nothing that is acknowledged',
    'counts what an acknowledgement did, and minds no id that it does not know',
    'counts what is taken apart, and what is acknowledged not at all',
  ];
  return [
    ['a dropped push', droppedPush, inAllWays(REACHES, capabilities)],
    ['a doubled push', doubledPush, inAllWays(REACHES, capabilities)],
    ['an order swap', swappedOrder, inAllWays(IN_ORDER, capabilities)],
    ...(capabilities.acknowledged
      ? [['a lost acknowledgement', lostAcknowledgement, lostOnes] satisfies [string, Defect, string[]]]
      : []),
  ];
}

/** What a strategy may say falsely of itself, each with the checks that are to catch it. */
function liesOf(capabilities: Capabilities): [Partial<Capabilities>, string[]][] {
  const { keptForAbsent, acknowledged, replayable, ordered, exactlyOnce, backlogVisible } = capabilities;
  const finite = capabilities.largestAudience < Infinity;
  return [
    [
      { keptForAbsent: !keptForAbsent },
      ['keeps what is published while nobody listens, or says that it does not'],
    ],
    [
      { acknowledged: !acknowledged },
      ['hands out again what is not acknowledged within its lease, or says that nothing is acknowledged'],
    ],
    [{ replayable: !replayable }, ['gives again what a recipient had, or says that it does not']],
    [{ ordered: !ordered }, inAllWays(IN_ORDER, capabilities)],
    [{ exactlyOnce: !exactlyOnce }, inAllWays(ONCE, capabilities)],
    [{ backlogVisible: !backlogVisible }, ['tells how much waits for a recipient, or says that it does not']],
    [{ largestAudience: finite ? Infinity : 1000 }, ['serves an audience as large as it says']],
    ...liesOfSubscriptions(capabilities),
    ...(keptForAbsent ? [lieOfOrder(capabilities)] : []),
  ];
}

function liesOfSubscriptions({ lateSubscribers }: Capabilities): [Partial<Capabilities>, string[]][] {
  const anyPoint = ['begins anywhere, or says that it does not, by listening'];
  switch (lateSubscribers) {
    case 'from-now':
      return [
        [
          { lateSubscribers: 'all-history' },
          ['has all of a source with its subscription, and nothing without'],
        ],
        [{ lateSubscribers: 'any-point' }, anyPoint],
      ];
    case 'all-history':
      return [
        [{ lateSubscribers: 'from-now' }, ['begins a subscription where it says, by reading']],
        [{ lateSubscribers: 'any-point' }, anyPoint],
      ];
    case 'any-point':
      return [
        [{ lateSubscribers: 'from-now' }, anyPoint],
        [{ lateSubscribers: 'all-history' }, anyPoint],
      ];
  }
}

function lieOfOrder({ readOrder }: Capabilities): [Partial<Capabilities>, string[]] {
  const other = readOrder === 'newest-first' ? 'oldest-first' : 'newest-first';
  return [{ readOrder: other }, ['reads the newest or the oldest first, as it says']];
}

function titled([lie, names]: [Partial<Capabilities>, string[]]): [string, Partial<Capabilities>, string[]] {
  return [Object.entries(lie).join().replace(',', ' is '), lie, names];
}

describe.each(MEMORY_SUBJECTS)('the suite, of $name', (subject) => {
  const { capabilities } = subject;

  it('finds nothing wrong with what is not harmed', async () => {
    expect(await failuresOf(harmed(subject, () => ({})))).toEqual([]);
  });

  it.each(defectsOf(capabilities))('catches %s', async (_, defect, names) => {
    expect(await failuresOf(harmed(subject, defect), { names })).toEqual(names);
  });

  it.each(BROKEN_PROMISES.filter(({ when }) => when?.(capabilities) ?? true))(
    'catches $name',
    async ({ defect, caughtBy }) => {
      const names = caughtBy(capabilities);
      expect(await failuresOf(harmed(subject, defect), { names, patienceMs: 250 })).toEqual(names);
    },
  );

  it.each(liesOf(capabilities).map(titled))('catches the lie that %s', async (_, lie, names) => {
    expect(await failuresOf(lying(subject, lie), { names })).toEqual(names);
  });
});
