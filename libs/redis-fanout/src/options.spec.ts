import type { RedisClient } from './redis/client.js';
import { type FanoutOptions, fanoutSettings } from './options.js';

/** Settings are made without a connection. */
const client = undefined as unknown as RedisClient;

describe('the options of a fan-out', () => {
  it('have their defaults, also where they are undefined', () => {
    const undefinedOption = { client, timelineMaxEntries: undefined } as unknown as FanoutOptions;
    expect(fanoutSettings(undefinedOption)).toMatchObject({ prefix: 'fanout', timelineMaxEntries: 800 });
  });

  it('are refused by name where they are not what they may be', () => {
    expect(() => fanoutSettings({ client, timelineMaxEntries: 0 })).toThrow(/^timelineMaxEntries: /);
    expect(() => fanoutSettings({ client, authorMaxPosts: 849 })).toThrow(/^authorMaxPosts: /);
    expect(() => fanoutSettings({ client, pushMaxFollowers: -1 })).toThrow(/^pushMaxFollowers: /);
  });
});
