/** One run of a job in a warm TaskManager. */
export interface Measurement {
  /** `flink-ts`, or the peer's name. */
  readonly engine: string;
  readonly job: string;
  /** Events, or words. */
  readonly records: number;
  /** The JobManager's own run time of the job. */
  readonly netSeconds: number;
  /** CPU time of the TaskManager process over the run, all its threads; not a number where the system does not tell it. */
  readonly cpuSeconds: number;
  readonly rssMb: number;
}

/** Records a second of wall time, in millions. */
export function millionsPerSecond({ records, netSeconds }: Measurement): number {
  return records / netSeconds / 1e6;
}

/** Records a second of CPU time, in millions: the number to compare, since wall time moves with what else runs on the machine. */
export function millionsPerCpuSecond({ records, cpuSeconds }: Measurement): number {
  return records / cpuSeconds / 1e6;
}
