import tseslint from 'typescript-eslint';

/*
 * What style.md asks for and a machine can see. Comments in the code cannot switch a rule off (noInlineConfig).
 * Imports between folders are checked by scripts/check-layers.ts, layout by prettier, dead code by knip.
 */

/** Mistakes that JavaScript lets pass. */
const correctness = {
  'array-callback-return': 'error',
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'for-direction': 'error',
  'no-async-promise-executor': 'error',
  'no-cond-assign': 'error',
  'no-constant-binary-expression': 'error',
  'no-constant-condition': ['error', { checkLoops: 'allExceptWhileTrue' }],
  'no-control-regex': 'error',
  'no-debugger': 'error',
  'no-duplicate-case': 'error',
  'no-empty': 'error',
  'no-eval': 'error',
  'no-fallthrough': 'error',
  'no-loss-of-precision': 'error',
  'no-promise-executor-return': 'error',
  'no-prototype-builtins': 'error',
  'no-self-assign': 'error',
  'no-self-compare': 'error',
  'no-unmodified-loop-condition': 'error',
  'no-unsafe-finally': 'error',
  'no-unsafe-optional-chaining': 'error',
  'no-unused-labels': 'error',
  'no-useless-escape': 'error',
  'require-yield': 'error',
  'use-isnan': 'error',
  'valid-typeof': 'error',
};

/** The limits on size, and plain reading. */
const size = {
  complexity: ['error', 20],
  'max-depth': ['error', 4],
  'max-len': ['error', { code: 140, ignoreUrls: true, ignoreRegExpLiterals: true }],
  'max-lines': ['error', 500],
  'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
  'max-params': ['error', 7],
};

const plainness = {
  curly: ['error', 'multi-line'],
  'no-else-return': 'error',
  'no-lonely-if': 'error',
  'no-nested-ternary': 'error',
  'no-unneeded-ternary': 'error',
  'no-useless-rename': 'error',
  'no-useless-return': 'error',
  'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
  'object-shorthand': 'error',
  'prefer-object-has-own': 'error',
};

const forbiddenSyntax = [
  { selector: 'ExportDefaultDeclaration', message: 'Exports have names.' },
  { selector: 'TSEnumDeclaration', message: 'Use a const object and a union of its values.' },
  {
    // A base path is the base of nothing but files: the names of Flink that speak of one are right.
    selector: 'ClassDeclaration[id.name=/(Impl|Utils?|Helpers?|Base)$|^(Abstract|Base(?!Path))[A-Z]/]',
    message: 'A class says how it differs: no Impl, Util, Helper, Abstract or Base.',
  },
];

const forbiddenInTests = [
  { selector: 'MemberExpression[object.name=/^(it|describe)$/][property.name=/^(skip|only)$/]', message: 'Every test runs, always.' },
  { selector: 'MemberExpression[object.type="ThisExpression"][property.name="skip"]', message: 'Every test runs, always.' },
  { selector: 'CallExpression[callee.name=/^(xit|xdescribe)$/]', message: 'Every test runs, always.' },
  {
    selector: 'CallExpression[callee.name="setTimeout"][arguments.0.name=/^(resolve|done)$/]',
    message: 'Nothing sleeps: wait for a condition, or use the clock.',
  },
  { selector: 'AwaitExpression > CallExpression[callee.name=/^(sleep|delay)$/]', message: 'Nothing sleeps: wait for a condition.' },
];

const unusedExceptUnderscore = { args: 'all', argsIgnorePattern: '^_', caughtErrors: 'all', destructuredArrayIgnorePattern: '^_' };

/** Rules that need no types: they run on every file. */
const typescriptRules = {
  '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
  '@typescript-eslint/consistent-type-definitions': 'off',
  '@typescript-eslint/explicit-member-accessibility': ['error', { accessibility: 'no-public' }],
  '@typescript-eslint/no-empty-function': 'off',
  '@typescript-eslint/no-extraneous-class': 'off',
  '@typescript-eslint/no-invalid-void-type': 'off',
  // Indexing a typed array in a hot loop gives `number | undefined`, and the loop's bound is the proof.
  '@typescript-eslint/no-non-null-assertion': 'off',
  '@typescript-eslint/no-unused-vars': ['error', unusedExceptUnderscore],
  // Hot loops keep a loop variable for the JIT.
  '@typescript-eslint/prefer-for-of': 'off',
  // Overloads that stand apart can each say what they are for.
  '@typescript-eslint/unified-signatures': 'off',
};

/** Rules that ask the type checker. */
const typeAware = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/no-array-delete': 'error',
  '@typescript-eslint/no-base-to-string': 'error',
  '@typescript-eslint/no-deprecated': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-for-in-array': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/no-misused-spread': 'error',
  '@typescript-eslint/no-unnecessary-type-assertion': 'error',
  '@typescript-eslint/no-unsafe-argument': 'error',
  '@typescript-eslint/no-unsafe-assignment': 'error',
  '@typescript-eslint/no-unsafe-call': 'error',
  '@typescript-eslint/no-unsafe-member-access': 'error',
  '@typescript-eslint/no-unsafe-return': 'error',
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  '@typescript-eslint/prefer-readonly': 'error',
  '@typescript-eslint/restrict-plus-operands': ['error', { allowNumberAndString: true }],
  '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/use-unknown-in-catch-callback-variable': 'error',
};

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'docs/', 'coverage/', 'bench/data/', '**/*.generated.ts', 'test/**/fixtures/'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...correctness,
      ...size,
      ...plainness,
      ...typescriptRules,
      ...typeAware,
      'no-restricted-syntax': ['error', ...forbiddenSyntax],
    },
  },
  {
    // What the engine has to say goes through the Logger it was given; commands write to the streams they were given.
    files: ['{core,conf,security,api,connectors,table,runtime,web,session,cli}/**/*.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...forbiddenSyntax, ...forbiddenInTests],
      // A describe block is a folder of tests, and chai asserts by property.
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  { files: ['**/*.js'], rules: { ...correctness, ...plainness } },
);
