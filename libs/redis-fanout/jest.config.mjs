import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'redis-fanout', rootDir: import.meta.dirname };
