import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'redis-fanout-client', rootDir: import.meta.dirname };
