import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'packaging', rootDir: import.meta.dirname };
