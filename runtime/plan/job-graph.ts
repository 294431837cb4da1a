import type { BlobKey, JobId, VertexId } from '#core';
import type { ExecutionSettings, PartitioningKind } from '#api';

/** An operator inside a chain. */
export interface ChainedOperator {
  /** Id of the stream node, the same in every replay of the program. */
  readonly nodeId: number;
  readonly name: string;
  readonly kind: string;
  /** State maps by this: from `uid`, else a hash of position and kind; 32 hexadecimal digits. */
  readonly operatorId: string;
  /** As the program gave it, for people. */
  readonly uid?: string | undefined;
}

/** A link between two operators of one chain: a direct call. */
export interface ChainLink {
  readonly from: number;
  readonly to: number;
  readonly outputTag: string | undefined;
}

/** A chain of operators that runs as one task: the vertex of the job graph. The first operator is the head. */
export interface JobVertex {
  readonly id: VertexId;
  /** Operator names joined by " -> ". */
  readonly name: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly slotSharingGroup: string;
  readonly operators: readonly ChainedOperator[];
  readonly links: readonly ChainLink[];
  /** Reads a source whose splits an enumerator gives out. */
  readonly coordinated: boolean;
}

/** An exchange between the subtasks of two vertices. */
export interface JobEdge {
  /** Position in `JobGraph.edges`. */
  readonly id: number;
  readonly from: VertexId;
  /** The operator of the producing chain whose output it carries. */
  readonly fromNode: number;
  readonly to: VertexId;
  readonly toNode: number;
  readonly input: number;
  readonly partitioning: PartitioningKind;
  readonly outputTag: string | undefined;
  readonly bufferTimeoutMs: number;
  /** Batch: records of one key are combined by the consuming operator's function before they are sent. */
  readonly combine: boolean;
}

/** The program behind a job: every slot imports the bundle and replays `main` up to the given call of `execute`. */
export interface ProgramReference {
  readonly bundle: BlobKey;
  /** Name of the program file, for messages. */
  readonly file: string;
  readonly args: readonly string[];
  /** Exported function to call as `main`; undefined: importing the module runs it. */
  readonly entry: string | undefined;
  /** Which call of `execute` this job is, from 0. */
  readonly executionIndex: number;
  /** What must be equal in every replay: start of the clock (ms), seed of `Math.random`, chosen environment variables. */
  readonly clockStartMs: number;
  readonly randomSeed: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Defaults that `getExecutionEnvironment` had. */
  readonly defaultParallelism: number;
  readonly configuration: Readonly<Record<string, string>>;
  /** Results of `env.once` and of earlier jobs of the program, in order, value-codec encoded as base64. */
  readonly onceResults: readonly string[];
  readonly earlierResults: readonly string[];
}

/** A job as plain data, in topological order: what is submitted, placed and deployed. */
export interface JobGraph {
  readonly jobId: JobId;
  readonly name: string;
  /** Of the stream graph; a replay must come to the same. */
  readonly fingerprint: string;
  /** `describeGraph` of the stream graph, to name the first difference when it does not. */
  readonly description: string;
  readonly settings: ExecutionSettings;
  readonly vertices: readonly JobVertex[];
  readonly edges: readonly JobEdge[];
  readonly program: ProgramReference;
  /** Shipped elements of collection sources by node id, value-codec encoded as base64. */
  readonly shipped: Readonly<Record<string, string>>;
  /** Directories of unfinished output, deleted when the job ends. */
  readonly scratch: readonly string[];
}
