import { InvalidOptionError } from './errors.js';
import { endpoint, type FanoutClientOptions, type FetchLike, toSettings } from './options.js';

const complete: FanoutClientOptions = { url: 'http://localhost:3003', user: 'ada' };

describe('the options', () => {
  it.each<readonly [string, Partial<FanoutClientOptions>]>([
    ['url', { url: 'ftp://localhost' }],
    ['url', { url: 'ws://localhost' }],
    ['url', { url: '/live' }],
    ['url', { url: '' }],
    ['user', { user: '' }],
    ['user', { user: 'ada lovelace' }],
    ['user', { user: 'a'.repeat(65) }],
    ['user', { user: 'ada\n' }],
    ['lastEventId', { lastEventId: 'x'.repeat(257) }],
    ['retryMs', { retryMs: 0 }],
    ['retryMs', { retryMs: 0.5 }],
    ['maxRetryMs', { maxRetryMs: 86_400_001 }],
    ['healthyAfterMs', { healthyAfterMs: -1 }],
    ['connectTimeoutMs', { connectTimeoutMs: NaN }],
    ['silenceTimeoutMs', { silenceTimeoutMs: Infinity }],
    ['webSocketAttempts', { webSocketAttempts: 0 }],
    ['maxFrameLength', { maxFrameLength: 0 }],
    ['rememberedEvents', { rememberedEvents: -1 }],
  ])('refuse a %s that cannot work: %j', (option, bad) => {
    expect(() => toSettings({ ...complete, ...bad })).toThrow(InvalidOptionError);
    expect(() => toSettings({ ...complete, ...bad })).toThrow(`${option} must be `);
  });

  it('have defaults, also for what is given as undefined', () => {
    const { numbers } = toSettings({ ...complete, retryMs: undefined, rememberedEvents: 0 });
    expect(numbers).toEqual({
      retryMs: 1000,
      maxRetryMs: 30_000,
      healthyAfterMs: 5000,
      connectTimeoutMs: 10_000,
      silenceTimeoutMs: 37_500,
      webSocketAttempts: 2,
      webSocketRetryMs: 600_000,
      maxFrameLength: 1_048_576,
      rememberedEvents: 0,
    });
  });

  it('take a URL that is relative to the page', () => {
    const page = globalThis as { location?: { href: string } };
    page.location = { href: 'https://example.org/app/index.html' };
    try {
      expect(toSettings({ ...complete, url: '/live' }).url.href).toBe('https://example.org/live');
    } finally {
      delete page.location;
    }
  });

  it('call `fetch` as a function of its own, as browsers want it', async () => {
    const fetch = jest.fn<Promise<never>, Parameters<FetchLike>>(() => Promise.reject(new Error('enough')));
    const settings = toSettings({ ...complete, fetch });
    await expect(settings.fetch('', {} as never)).rejects.toThrow('enough');
    expect(fetch.mock.contexts).toEqual([undefined]);
  });
});

describe('an endpoint', () => {
  it.each([
    ['http://localhost:3003', 'http://localhost:3003/ws?user=ada'],
    ['http://localhost:3003/', 'http://localhost:3003/ws?user=ada'],
    ['https://example.org/a/b//?token=x#y', 'https://example.org/a/b/ws?token=x&user=ada'],
    ['https://example.org?user=eve', 'https://example.org/ws?user=ada'],
  ])('of %s is %s', (base, expected) => {
    expect(endpoint(new URL(base), 'ws', { user: 'ada' }).href).toBe(expected);
  });
});
