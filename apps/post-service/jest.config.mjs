import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'post-service', rootDir: import.meta.dirname };
