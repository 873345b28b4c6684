import { doubledPush, droppedPush, harmed, lostAcknowledgement, swappedOrder } from './harmed.js';
import { MEMORY_SUBJECTS } from './memory-subjects.js';
import { expectNotToBeAsModel, expectToBeAsModel } from './property/property.js';

const RUNS = 200;

describe.each(MEMORY_SUBJECTS)('$name', (subject) => {
  it('comes to what a plain model says, whatever happens', async () => {
    await expectToBeAsModel(subject, RUNS);
  });

  it.each([
    ['a dropped push', droppedPush],
    ['a doubled push', doubledPush],
    ['an order swap', swappedOrder],
    ...(subject.capabilities.acknowledged ? [['a lost acknowledgement', lostAcknowledgement] as const] : []),
  ] as const)('does not with %s', async (_, defect) => {
    await expectNotToBeAsModel(harmed(subject, defect), RUNS);
  });
});
