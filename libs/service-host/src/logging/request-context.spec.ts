import { setImmediate as turn } from 'node:timers/promises';

import { currentRequest, followsRequests, runInRequest } from './request-context.js';

describe('the request that code runs for', () => {
  it('is known to what it starts, however late', async () => {
    const seen = await new Promise((resolve) => {
      runInRequest(
        'a',
        () =>
          void turn().then(() => {
            resolve(currentRequest());
          }),
      );
    });
    expect(seen).toEqual({ requestId: 'a' });
    expect(currentRequest()).toBeUndefined();
  });

  it('is followed where that costs nothing, and where lines of debugging are wanted', () => {
    const isFree = Number.parseInt(process.versions.node, 10) >= 24;
    expect(followsRequests({ isLevelEnabled: () => false })).toBe(isFree);
    expect(followsRequests({ isLevelEnabled: (level) => level === 'debug' })).toBe(true);
  });
});
