import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'test-support', rootDir: import.meta.dirname };
