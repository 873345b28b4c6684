import { expectToHold, topicsOf } from './conformance.js';
import { RedisStage } from './redis-subjects.js';

describe.each(['standalone', 'cluster'] as const)('on a %s', (kind) => {
  const stage = new RedisStage(kind);
  beforeAll(async () => {
    await stage.start();
  });
  afterAll(async () => {
    await stage.stop();
  });

  describe.each(stage.subjects)('$name', (subject) => {
    describe.each(topicsOf(subject))('%s', (_, checks) => {
      it.each(checks)('$name', async (check) => {
        await expectToHold(check, subject);
      });
    });
  });
});
