import type { ChainGate } from '../chain/chain-plan.js';
import type { AlignedCheckpoint } from './barrier-alignment.js';

/** Where a subtask's records come from: a source reader, or the input gates of its in-edges. */
export interface TaskInput {
  open(): Promise<void>;
  /** Hands on a bounded number of records, none after the gate is blocked. Answers whether there was anything. */
  poll(gate: ChainGate): boolean;
  /** All input has come and was handed on. */
  readonly ended: boolean;
  /** Whether event time ends with it; where records come over channels, time ends by what comes over them. */
  readonly endsTime: boolean;
  /** When it is to be polled again although nothing comes, on the clock's `monotonicMs`; Infinity when it need not be. */
  readonly nextDueMs: number;
  readonly recordsIn: number;
  readonly bytesIn: number;
  /** Called in each step, between records, also while the gate is blocked. */
  look(): void;
  /**
   * A checkpoint begins here, between two records. Answers whether the input says itself when it is to be taken: when what its producers
   * sent before they ended has come.
   */
  trigger(checkpoint: AlignedCheckpoint): boolean;
  /** Channels that wait for the other barriers of the checkpoint go on. */
  abortCheckpoint(checkpointId: number): void;
  close(): Promise<void>;
}
