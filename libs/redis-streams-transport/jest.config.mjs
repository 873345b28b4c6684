import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'redis-streams-transport', rootDir: import.meta.dirname };
