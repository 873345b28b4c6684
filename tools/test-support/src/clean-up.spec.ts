import { cleanUp, onCleanUp } from './clean-up.js';

describe('cleanUp', () => {
  it('stops the last one first, one at a time, and each once', async () => {
    const stopped: string[] = [];
    onCleanUp(() => stopped.push('first'));
    onCleanUp(async () => {
      await Promise.resolve();
      stopped.push('second');
    });
    await cleanUp();
    await cleanUp();
    expect(stopped).toEqual(['second', 'first']);
  });
});
