import { bool, int, oneOf, redisUrls, string, url } from './readers.js';
import { isLoopback, serviceSettings } from './service-settings.js';
import { readSettings, SettingsError } from './settings.js';

const problemsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (error) {
    return error instanceof SettingsError ? error.problems : [String(error)];
  }
  return [];
};

describe('readSettings', () => {
  it('has defaults for everything but Redis', () => {
    expect(readSettings({ REDIS_URL: 'redis://h' }, serviceSettings({ port: 3001 }))).toEqual({
      port: 3001,
      host: '127.0.0.1',
      logLevel: 'info',
      redisUrls: ['redis://h'],
    });
  });

  it('reads what is set, and takes empty for unset', () => {
    const env = { PORT: ' 80 ', HOST: '0.0.0.0', LOG_LEVEL: '', REDIS_URL: 'redis://a:1, redis://b:2' };
    expect(readSettings(env, serviceSettings({ port: 3001 }))).toEqual({
      port: 80,
      host: '0.0.0.0',
      logLevel: 'info',
      redisUrls: ['redis://a:1', 'redis://b:2'],
    });
  });

  it('names every bad setting and what is allowed', () => {
    const env = { PORT: '65536', HOST: 'a b', LOG_LEVEL: 'loud' };
    expect(problemsOf(() => readSettings(env, serviceSettings({ port: 1 })))).toEqual([
      'PORT must be an integer from 0 to 65535, not "65536"',
      'HOST must be an address, not "a b"',
      'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, not "loud"',
      'REDIS_URL is not set: it must be one redis:// or rediss:// URL, or several redis:// URLs parted by commas',
    ]);
  });

  it.each([['rediss://a,rediss://b'], ['http://a'], ['redis:'], ['redis://a,'], ['a']])(
    'refuses the Redis %s without repeating it',
    (value) => {
      const problems = problemsOf(() => readSettings({ R: value }, { r: redisUrls('R') }));
      expect(problems).toHaveLength(1);
      expect(problems[0]).not.toContain(', not ');
    },
  );

  it('reads words for numbers', () => {
    const spec = { max: int('MAX', { default: 10, words: { unlimited: Infinity } }) };
    expect(readSettings({ MAX: 'unlimited' }, spec).max).toBe(Infinity);
    expect(readSettings({ MAX: '0' }, spec).max).toBe(0);
    expect(readSettings({}, spec).max).toBe(10);
    expect(problemsOf(() => readSettings({ MAX: 'constructor' }, spec))).toEqual([
      'MAX must be an integer of at least 0 or unlimited, not "constructor"',
    ]);
  });

  it.each(['-1', '1.5', '1e3', '0x10', 'NaN', '9007199254740993'])('refuses the integer %s', (value) => {
    expect(problemsOf(() => readSettings({ N: value }, { n: int('N') }))).toHaveLength(1);
  });

  it('reads the other kinds', () => {
    const spec = {
      on: bool('ON', { default: false }),
      mode: oneOf('MODE', ['a', 'b'], { default: 'a' }),
      name: string('NAME', { pattern: /^[a-z]+$/ }),
      site: url('SITE'),
    };
    const env = { ON: 'TRUE', MODE: 'b', NAME: 'x', SITE: 'https://h/p' };
    expect(readSettings(env, spec)).toEqual({ on: true, mode: 'b', name: 'x', site: 'https://h/p' });
    const bad = { ON: 'maybe', MODE: 'c', NAME: 'X', SITE: 'ftp://u:secret@h' };
    const problems = problemsOf(() => readSettings(bad, spec));
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['ON', 'MODE', 'NAME', 'SITE']);
    expect(problems.join()).not.toContain('secret');
  });
});

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['127.0.0.1.example', false],
  ])('%s: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
