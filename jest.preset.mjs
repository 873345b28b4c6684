/**
 * What every project's Jest shares. Sources are ES modules; Jest runs them as CommonJS through swc, with the packages
 * of the workspace taken from their sources, so that no test runs against a stale build.
 */
const workspace = [
  'libs/redis-fanout',
  'libs/redis-fanout-client',
  'libs/redis-streams-transport',
  'libs/service-host',
  'tools/embedded-redis',
  'tools/test-support',
  'tools/timeline-model',
].map((folder) => [`^${folder.replace(/.*\//, '')}$`, `${import.meta.dirname}/${folder}/src/index.ts`]);

export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{src,test}/**/*.(spec|int-spec|e2e-spec).ts'],
  moduleNameMapper: {
    '^redis-fanout/nestjs$': `${import.meta.dirname}/libs/redis-fanout/src/nestjs/index.ts`,
    ...Object.fromEntries(workspace),
    '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js', '$1'],
  },
  transform: {
    '^.+\\.[mc]?[jt]s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(@nestjs|lru-cache)/)'],
  testTimeout: 60_000,
};
