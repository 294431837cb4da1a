import type { Clock } from '#core';
import type { RuntimeContext } from '#api';
import type { WatermarkOutput } from '../chain/stage-time.js';
import type { KeyedStateBackend } from '../state/keyed-state-backend.js';
import type { OperatorStateStore } from '../state/operator-state-store.js';

/** What an operator gets from its subtask, once, when it is made. State is restored by then. */
export interface OperatorHost {
  readonly context: RuntimeContext;
  /** Processing time. */
  readonly clock: Clock;
  /** Blocked while downstream can take no more: cursors pause then. A stage that becomes full blocks it itself. */
  readonly gate: { blocked: boolean };
  /** Of keyed operators only; asking for it elsewhere breaks an invariant. */
  readonly keyed: KeyedStateBackend;
  readonly operatorState: OperatorStateStore;
  readonly watermarks: WatermarkOutput;
  /** ms between two periodic watermarks; 0: none. */
  readonly autoWatermarkIntervalMs: number;
  /** The checkpoint from which the state was restored. */
  readonly restoredCheckpointId: number | undefined;
  /** Has the subtask look at the operator again, from any callback of its thread. */
  wake(): void;
  /** Fails the job with an error found outside the processing of records. */
  fail(error: unknown): void;
}
