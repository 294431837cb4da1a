import type { KeyGroupRange } from '#core';
import type { FinishStep } from '#api';

/* What a checkpoint is made of, as plain data: subtasks report it, the JobManager keeps it, `_metadata` stores it. */

/** Bytes of a snapshot: in a file, or, when they are few, here. */
export type BytesHandle =
  | { readonly kind: 'inline'; readonly bytes: Uint8Array }
  /** `path` is absolute with its scheme. */
  | { readonly kind: 'file'; readonly path: string; readonly sizeBytes: number };

/** What is kept under a name in the keyed state of an operator. */
export interface StateMeta {
  readonly name: string;
  /** Of the descriptor, or of an operator's own: `timers`, `window`. */
  readonly kind: string;
  /** As `typeToJson` gives it; undefined: each value tells its own (generic). */
  readonly type: unknown;
  /** Of the keys of a map state. */
  readonly subKeyType?: unknown;
  /** Whether each value has the time of its last renewal with it. */
  readonly expires?: boolean;
  /** The namespaces that were alive, by the serial that their entries have in segments; entries of other serials are to be passed over. */
  readonly namespaces?: readonly { readonly serial: number; readonly namespace: number | readonly [start: number, end: number] }[];
  /** No namespace had a larger serial: entries of those that were dropped may still be in segments. */
  readonly lastSerial?: number;
}

/** A sorted or unsorted file of entries, indexed by key group: see runtime/state/segment. */
export interface SegmentHandle {
  /** Unique for ever: the same segment in two checkpoints has the same id. */
  readonly id: string;
  readonly bytes: BytesHandle;
  /** Lies in `shared/`: other checkpoints may need it too. */
  readonly shared: boolean;
  /** New in this checkpoint; else one that an earlier checkpoint wrote. */
  readonly fresh: boolean;
  readonly entries: number;
}

/** Keyed state of one operator in one subtask. */
export interface KeyedStateHandle {
  readonly keyGroups: KeyGroupRange;
  readonly maxParallelism: number;
  readonly keyType: unknown;
  readonly states: readonly StateMeta[];
  /** Oldest first: entries of later segments replace those of earlier ones. */
  readonly segments: readonly SegmentHandle[];
}

/** How the elements of an operator state are given out when the job is restored. */
export type ListMode =
  /** Each element to one subtask, evenly. */
  | 'split'
  /** All elements to every subtask. */
  | 'union'
  /** Every subtask had the same: all elements of one of them to every subtask. */
  | 'broadcast';

/** Operator state of one subtask under one name: elements, each encoded by the value codec. */
export interface ListStateHandle {
  readonly mode: ListMode;
  readonly count: number;
  /** The elements one after the other, each with its length before it (varint). */
  readonly elements: BytesHandle;
  /** Of the bytes of all elements. */
  readonly crc32?: number;
}

/** One operator in one subtask. */
export interface OperatorSnapshot {
  readonly keyed?: KeyedStateHandle;
  readonly lists: Readonly<Record<string, ListStateHandle>>;
}

/** A channel of an exchange, by the operators at the ends of its edge and by its subtasks. */
export interface ChannelName {
  readonly from: string;
  readonly to: string;
  readonly input: number;
  readonly outputTag?: string | undefined;
  readonly producer: number;
  readonly consumer: number;
}

/**
 * Segments of one channel that a barrier overtook, as one end of the channel has captured them. The consumer's part comes first; of the
 * producer's what the consumer's has already, or had processed before, is to be passed over.
 */
export interface ChannelPart {
  readonly channel: ChannelName;
  readonly end: 'producer' | 'consumer';
  /** Number of the first segment on the channel. */
  readonly first: number;
  /** Where each segment lies in the file. */
  readonly segments: readonly { readonly at: number; readonly length: number; readonly crc32: number }[];
  /** Of the consumer's part: rows of the first segment that had been processed. */
  readonly rowsTaken: number;
  /** Of the consumer's part: row type of the first segment, as `typeToJson` gives it; undefined: the declared one of the edge. */
  readonly type?: unknown;
}

/** All that one subtask has captured of its channels. */
export interface InFlightHandle {
  readonly bytes: BytesHandle;
  readonly parts: readonly ChannelPart[];
}

/** What one subtask contributes to a checkpoint. */
export interface SubtaskSnapshot {
  /** By operator id (32 hexadecimal digits). */
  readonly operators: Readonly<Record<string, OperatorSnapshot>>;
  /** Of an unaligned checkpoint, where anything was in flight. */
  readonly inFlight?: InFlightHandle;
  /** Set when the subtask had finished: it takes no further part, and what it left is taken over. */
  readonly finished?: { readonly steps: readonly FinishStep[]; readonly accumulators: Readonly<Record<string, unknown>> };
  /** ms and bytes, for statistics. */
  readonly metrics: {
    readonly alignmentMs: number;
    readonly syncMs: number;
    readonly asyncMs: number;
    /** Of all that the checkpoint refers to. */
    readonly stateBytes: number;
    /** Of what was written for it. */
    readonly writtenBytes: number;
    /** From the trigger to the barrier's arrival. */
    readonly startDelayMs: number;
  };
}

/** What is asked of the subtasks for one checkpoint or savepoint. Travels in barriers. */
export interface CheckpointOptions {
  readonly kind: 'checkpoint' | 'savepoint';
  /** Everything is written whole, and nothing of earlier checkpoints is referred to. Always so for savepoints. */
  readonly full: boolean;
  readonly mode: 'EXACTLY_ONCE' | 'AT_LEAST_ONCE';
  /** Barriers overtake records, which become part of the checkpoint. */
  readonly unaligned: boolean;
  /** With alignment up to this many ms, then without; 0: at once as `unaligned` says. */
  readonly alignedTimeoutMs: number;
  /**
   * The latest complete checkpoint when this one was triggered, 0: none. The snapshot refers to nothing older: a subtask that has not heard
   * of its completion yet hears of it by the barrier.
   */
  readonly completedCheckpointId: number;
  /** Directory for files of this checkpoint alone. Empty: there are no files, everything is kept by the JobManager. */
  readonly exclusiveDirectory: string;
  /** Directory for files that later checkpoints may need too; of a savepoint the same as the exclusive one. */
  readonly sharedDirectory: string;
  /** Pieces up to this size are kept in the metadata. Without directories larger ones are an error. */
  readonly memoryThresholdBytes: number;
  /** Sources stop after the barrier: `stop` with a savepoint. `drain`: windows fire first, by the last watermark. */
  readonly stop?: 'suspend' | 'drain';
}

/** What one subtask is restored from: for each of its operators what of the checkpoint is its own. */
export interface SubtaskRestore {
  readonly checkpointId: number;
  readonly operators: Readonly<Record<string, OperatorRestore>>;
  /** To be processed ahead of all input. */
  readonly inFlight?: RestoredInFlight;
  /** The vertex had finished: the subtask only reports these and ends. */
  readonly finished?: SubtaskSnapshot['finished'];
}

/** Records in flight that one subtask is given. */
export interface RestoredInFlight {
  readonly handles: readonly InFlightHandle[];
  /** The parallelism has changed: of the records a subtask processes those that the partitioning, where it can tell, gives to it. */
  readonly shared: boolean;
}

export interface OperatorRestore {
  /** Of former subtasks whose key groups overlap those of this one; entries of other key groups are to be passed over. */
  readonly keyed: readonly KeyedStateHandle[];
  /** By name: whole handles (`union`, `broadcast`), or a part of one. */
  readonly lists: Readonly<Record<string, readonly ListStatePart[]>>;
}

/** The elements `from` to below `to` of a handle. */
export interface ListStatePart {
  readonly handle: ListStateHandle;
  readonly from: number;
  readonly to: number;
}
