/* What tests of programs import: harnesses that drive one operator by hand, and one that runs a whole job, with the real parts. */
export { HarnessError, type HarnessOptions, type HarnessRecord, type HarnessSnapshot } from './runtime/harness/operator-harness.js';
export * from './runtime/harness/function-harnesses.js';
export {
  failCheckpoint,
  failOperator,
  type Fault,
  type FaultPlace,
  InjectedFaultError,
  killTaskManager,
  seededFaults,
} from './runtime/harness/job/faults.js';
export { type BuildJob, type JobHarnessOptions, runJob, startJob } from './runtime/harness/job/job-harness.js';
export type { JobRunResult, TestJob } from './runtime/harness/job/test-job.js';
export { TestSource } from './runtime/harness/job/test-source.js';
