import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'fanout-worker', rootDir: import.meta.dirname };
