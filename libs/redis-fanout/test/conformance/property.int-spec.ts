import { expectToBeAsModel } from './property/property.js';
import { RedisStage } from './redis-subjects.js';

describe.each([
  ['standalone', 100],
  ['cluster', 25],
] as const)('on a %s', (kind, runs) => {
  const stage = new RedisStage(kind);
  beforeAll(async () => {
    await stage.start();
  });
  afterAll(async () => {
    await stage.stop();
  });

  it.each(stage.subjects)('$name comes to what a plain model says, whatever happens', async (subject) => {
    await expectToBeAsModel(subject, runs);
  });
});
