import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";

/** What would make a machine differ from its replay. */
const nondeterminism = [
  { object: "Math", property: "random", message: "The machine is a function of its event log." },
  { object: "Date", property: "now", message: "Time comes from the event log." },
  { object: "performance", property: "now", message: "Time comes from the event log." },
];

export default ts.config(
  {
    // AssemblyScript is not TypeScript to a linter (integer types, decorators): asc checks it.
    ignores: [
      "node_modules",
      "build",
      "dist",
      "test-results",
      "playwright-report",
      "kernel-as/**",
      "!kernel-as/abi.ts",
      "test/**/samples/**",
      "test/bench/workload/**",
    ],
  },
  js.configs.recommended,
  ts.configs.recommended,
  svelte.configs.recommended,
  {
    rules: {
      "no-undef": "off",
      "no-control-regex": "off",
      "no-constant-condition": ["error", { checkLoops: false }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
    },
  },
  {
    files: ["src/**/*.ts"],
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/await-thenable": "error",
    },
  },
  {
    files: ["src/machine/**/*.ts", "src/user/**/*.ts"],
    rules: { "no-restricted-properties": ["error", ...nondeterminism] },
  },
  {
    // A program waits by a system call. (The machine waits for its host clock.)
    files: ["src/user/**/*.ts"],
    rules: { "no-restricted-globals": ["error", "setTimeout", "setInterval", "queueMicrotask"] },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser } },
    // State here is $state.raw: a Map in it is replaced, never changed.
    rules: { "svelte/prefer-svelte-reactivity": "off" },
  },
);
