import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'timeline-service', rootDir: import.meta.dirname };
