import { addressOf, portOf, readSettings } from './settings.js';

describe('readSettings', () => {
  it('has defaults, also for empty variables', () => {
    const settings = readSettings({ PORT_BASE: '', REDIS_URL: '' }, '/system');
    expect(settings).toEqual({
      redisUrl: undefined,
      dataDir: '/system/.data',
      portBase: 3001,
      host: '127.0.0.1',
    });
    expect(portOf('post-service', settings)).toBe(3001);
    expect(portOf('timeline-service', settings)).toBe(3002);
    expect(portOf('notifier', settings)).toBe(3003);
    expect(addressOf('fanout-worker', settings)).toBe('http://127.0.0.1:3004');
  });

  it('takes what is set', () => {
    const env = { PORT_BASE: '4001', DATA_DIR: '/data', REDIS_URL: 'redis://r', HOST: '0.0.0.0' };
    const settings = readSettings(env, '/system');
    expect(settings).toMatchObject({ redisUrl: 'redis://r', dataDir: '/data', portBase: 4001 });
    expect(addressOf('post-service', settings)).toBe('http://127.0.0.1:4001');
  });

  it.each(['0', '65533', '80a', '-1', '3.5'])('refuses PORT_BASE=%s', (port) => {
    expect(() => readSettings({ PORT_BASE: port }, '/')).toThrow('PORT_BASE takes a port from 1 to 65532');
  });
});
