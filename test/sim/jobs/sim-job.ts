import { BasePathBucketAssigner, DefaultRollingPolicy, FileSink, OnCheckpointRollingPolicy, type DataStream } from '#api';
import type { Main } from '../../../runtime/harness/job/graph-of-main.js';
import type { Faults } from '../faults.js';

/** Where the jobs of simulations write. */
export const OUTPUT = 'sim://cluster/out';

/** What a job is made of, chosen by the seed. */
export interface JobChoices {
  readonly parallelism: number;
  /** Records of each source. */
  readonly records: number;
  readonly keys: number;
  /** Of all subtasks of a source together; undefined: as fast as it goes. */
  readonly ratePerSecond: number | undefined;
  /** Whether part files end at every checkpoint, or are gone on with. */
  readonly rollOnCheckpoint: boolean;
  readonly faults: Faults;
}

/** A program, and what its committed output has to be. */
export interface SimJob {
  readonly main: Main;
  /** Says what is wrong with the lines of the output, in no particular order. */
  check(lines: readonly string[]): readonly string[];
}

interface SinkPlace {
  readonly path?: string;
  /** Absent: one less than the job's, so that it has an exchange before it. */
  readonly parallelism?: number;
}

/** The lines go to files, each exactly once. */
export function sinkOf(stream: DataStream<string>, { rollOnCheckpoint, ...choices }: JobChoices, place: SinkPlace = {}): void {
  const { path = OUTPUT, parallelism = Math.max(1, choices.parallelism - 1) } = place;
  const rows = FileSink.forRowFormat<string>(path, { encode: (line) => `${line}\n` }).withBucketAssigner(new BasePathBucketAssigner());
  const policy = rollOnCheckpoint
    ? OnCheckpointRollingPolicy.build<string>()
    : DefaultRollingPolicy.builder().withMaxPartSize(700).withRolloverInterval('2 s').build<string>();
  stream.sinkTo(rows.withRollingPolicy(policy).build()).setParallelism(parallelism);
}

/** The rate as the options of a source. */
export function rateOf({ ratePerSecond }: JobChoices): { readonly ratePerSecond?: number } {
  return ratePerSecond === undefined ? {} : { ratePerSecond };
}
