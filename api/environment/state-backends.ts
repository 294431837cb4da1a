/** How state is kept, and where checkpoints go: what the configuration would say, by key. */
export interface StateBackend {
  readonly configuration: Readonly<Record<string, string>>;
}

/** The ways to keep state. */
export const StateBackends = {
  /** In memory. */
  hashMap: (): StateBackend => ({ configuration: { 'state.backend': 'hashmap' } }),
  /** On local disks: for state that does not fit into memory. */
  rocksDb: (incrementalCheckpoints = true): StateBackend => ({
    configuration: { 'state.backend': 'rocksdb', 'state.backend.incremental': String(incrementalCheckpoints) },
  }),
  /** In memory, with checkpoints in the memory of the JobManager: for little state. */
  memory: (): StateBackend => ({ configuration: { 'state.backend': 'jobmanager', 'execution.checkpointing.storage': 'jobmanager' } }),
} as const;
