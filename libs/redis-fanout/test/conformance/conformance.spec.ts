import { expectToHold, topicsOf } from './conformance.js';
import { MEMORY_SUBJECTS } from './memory-subjects.js';

describe.each(MEMORY_SUBJECTS)('$name', (subject) => {
  describe.each(topicsOf(subject))('%s', (_, checks) => {
    it.each(checks)('$name', async (check) => {
      await expectToHold(check, subject);
    });
  });
});
