import { until } from './until.js';

describe('until', () => {
  it('resolves once the condition holds, though it threw before', async () => {
    let looks = 0;
    await until(() => {
      if (++looks === 1) throw new Error('not yet');
      return Promise.resolve(looks === 3);
    }, 'it was looked at three times');
    expect(looks).toBe(3);
  });

  it('says what it waited for in vain', async () => {
    await expect(until(() => false, 'pigs fly', 20)).rejects.toThrow('waited in vain until pigs fly');
  });

  it('fails with what the condition threw last', async () => {
    let looks = 0;
    const failing = until(
      () => {
        throw new Error(`look ${++looks}`);
      },
      'pigs fly',
      20,
    );
    await expect(failing).rejects.toThrow(/^look (?!1$)\d+$/);
  });
});
