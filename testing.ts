/* What tests of programs import: harnesses that drive one operator by hand, with the real state behind it. */
export * from './runtime/harness/function-harnesses.js';
export { HarnessError, type HarnessOptions, type HarnessRecord, type HarnessSnapshot } from './runtime/harness/operator-harness.js';
