import tseslint from 'typescript-eslint';

export default tseslint.config(
    { ignores: ['dist/', 'server/', 'node_modules/', 'eclipse/', 'nvim/', 'vim/', 'emacs/', 'editors/', '*.mjs'] },
    ...tseslint.configs.strictTypeChecked,
    ...tseslint.configs.stylisticTypeChecked,
    {
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
            '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
        },
    },
    {
        // test() returns a promise that the runner waits for.
        files: ['test/**'],
        rules: { '@typescript-eslint/no-floating-promises': 'off', '@typescript-eslint/no-unnecessary-condition': 'off' },
    },
);
