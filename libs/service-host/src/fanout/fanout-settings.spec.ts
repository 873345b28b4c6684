import { type Environment, readSettings, SettingsError } from '../settings/settings.js';
import { fanoutServiceSettings } from './fanout-settings.js';

const spec = fanoutServiceSettings({ port: 3001 });
const read = (env: Environment): ReturnType<typeof readSettings<typeof spec>> =>
  readSettings({ REDIS_URL: 'redis://h', ...env }, spec);

const problemsOf = (env: Environment): readonly string[] => {
  try {
    read(env);
  } catch (error) {
    return error instanceof SettingsError ? error.problems : [String(error)];
  }
  return [];
};

describe('the settings of the fan-out', () => {
  it('have defaults, and are read', () => {
    expect(read({})).toMatchObject({ timelineMaxEntries: 800, authorMaxPosts: 3200 });
    const env = { TIMELINE_MAX_ENTRIES: '5000', AUTHOR_MAX_POSTS: '10000' };
    expect(read(env)).toMatchObject({ timelineMaxEntries: 5000, authorMaxPosts: 10_000 });
  });

  it("do not let an author's list be shorter than a timeline may get", () => {
    expect(read({ AUTHOR_MAX_POSTS: '900' })).toMatchObject({ authorMaxPosts: 900 });
    expect(problemsOf({ AUTHOR_MAX_POSTS: '899' })).toEqual([
      'AUTHOR_MAX_POSTS must be at least 900 where TIMELINE_MAX_ENTRIES is 800, not 899',
    ]);
    expect(problemsOf({ TIMELINE_MAX_ENTRIES: '3200' })).toEqual([
      'AUTHOR_MAX_POSTS must be at least 3600 where TIMELINE_MAX_ENTRIES is 3200, not 3200',
    ]);
  });

  it('are each by itself what they may be, before they are held against each other', () => {
    expect(problemsOf({ TIMELINE_MAX_ENTRIES: '5001', AUTHOR_MAX_POSTS: '100001' })).toEqual([
      'TIMELINE_MAX_ENTRIES must be an integer from 1 to 5000, not "5001"',
      'AUTHOR_MAX_POSTS must be an integer from 1 to 100000, not "100001"',
    ]);
  });
});
