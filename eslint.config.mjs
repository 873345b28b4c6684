import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

const tests = ['**/*.spec.ts', '**/*.int-spec.ts', '**/*.e2e-spec.ts', '**/test/**/*.ts'];

/** Who may import whom. An app never imports an app; `redis-fanout` imports nothing of ours. */
const boundaries = [
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:lib'] },
  {
    sourceTag: 'type:tool',
    onlyDependOnLibsWithTags: ['type:lib', 'scope:embedded-redis', 'scope:timeline-model'],
  },
  { sourceTag: 'scope:redis-fanout', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:redis-fanout', bannedExternalImports: ['@nestjs/*', 'rxjs'] },
  { sourceTag: 'scope:transport', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:client', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:service-host', onlyDependOnLibsWithTags: ['scope:redis-fanout'] },
  { sourceTag: 'scope:embedded-redis', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:timeline-model', onlyDependOnLibsWithTags: [] },
  {
    sourceTag: 'scope:test-support',
    onlyDependOnLibsWithTags: ['scope:redis-fanout', 'scope:service-host', 'scope:embedded-redis'],
  },
];
const forTests = ['scope:embedded-redis', 'scope:test-support', 'scope:timeline-model'];
/** Tests may start a Redis of their own, and use what tests share. */
const boundariesOfTests = boundaries.map((rule) =>
  rule.onlyDependOnLibsWithTags
    ? { ...rule, onlyDependOnLibsWithTags: [...rule.onlyDependOnLibsWithTags, ...forTests] }
    : rule,
);
const moduleBoundaries = (depConstraints, more = {}) => ({
  '@nx/enforce-module-boundaries': [
    'error',
    { enforceBuildableLibDependency: true, allow: [], depConstraints, ...more },
  ],
});

/** `redis-fanout/nestjs` is an entry point of its own: the rest of the library does without NestJS, and without it. */
const nestjsEntry = ['**/src/nestjs/**/*.ts'];
const testsOfNestjsEntry = ['**/test/nestjs/**/*.ts'];
const withNestjs = (rules) =>
  rules.map((rule) =>
    rule.bannedExternalImports
      ? { ...rule, bannedExternalImports: rule.bannedExternalImports.filter((name) => name !== '@nestjs/*') }
      : rule,
  );
const withoutNestjsEntry = {
  'no-restricted-imports': [
    'error',
    { patterns: [{ regex: '^\\.{1,2}/(.*/)?nestjs(/|$)', message: 'The core does without NestJS.' }] },
  ],
};

export default tseslint.config(
  { ignores: ['**/dist', '**/out-tsc', '**/node_modules', '**/coverage', '.nx', '.data'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    },
  },
  {
    // Nest reads constructor types at run time, so an import that looks type-only is not.
    files: ['apps/**/*.ts', 'libs/service-host/**/*.ts', 'libs/redis-streams-transport/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: tests,
    extends: [jest.configs['flat/recommended']],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'fc.assert'] }],
      // It takes the methods of a test's own classes for places outside of tests.
      'jest/no-standalone-expect': 'off',
    },
  },
  { files: ['**/*.ts'], plugins: { '@nx': nx }, rules: moduleBoundaries(boundaries) },
  { files: tests, plugins: { '@nx': nx }, rules: moduleBoundaries(boundariesOfTests) },
  // Examples import the library by its name, as its users do.
  {
    files: ['**/examples/**/*.ts'],
    rules: moduleBoundaries(boundaries, { allowCircularSelfDependency: true }),
  },
  { files: nestjsEntry, rules: moduleBoundaries(withNestjs(boundaries)) },
  { files: testsOfNestjsEntry, rules: moduleBoundaries(withNestjs(boundariesOfTests)) },
  { files: ['**/*.ts'], ignores: [...nestjsEntry, ...testsOfNestjsEntry], rules: withoutNestjsEntry },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  prettier,
);
