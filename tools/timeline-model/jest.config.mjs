import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'timeline-model', rootDir: import.meta.dirname };
