import type { Clock } from '#core';
import type { RuntimeContext } from '#api';
import type { ChainGate } from '../chain/chain-plan.js';
import type { WatermarkOutput } from '../chain/stage-time.js';
import type { OperatorHost } from '../operators/operator-host.js';
import type { KeyedStateBackend } from '../state/keyed-state-backend.js';
import type { OperatorStateStore } from '../state/operator-state-store.js';
import type { OperatorState } from './operator-state.js';

export interface StageHostParts {
  readonly context: RuntimeContext;
  readonly clock: Clock;
  readonly gate: ChainGate;
  readonly state: OperatorState;
  readonly autoWatermarkIntervalMs: number;
  readonly restoredCheckpointId: number | undefined;
  /** The stage's output in the time of its chain, which is made after its stages. */
  readonly watermarks: () => WatermarkOutput;
  readonly wake: () => void;
  readonly fail: (error: unknown) => void;
}

/** What a stage gets from its subtask. */
export class StageHost implements OperatorHost, WatermarkOutput {
  readonly context: RuntimeContext;
  readonly clock: Clock;
  readonly gate: ChainGate;
  readonly operatorState: OperatorStateStore;
  readonly autoWatermarkIntervalMs: number;
  readonly restoredCheckpointId: number | undefined;
  readonly wake: () => void;
  readonly fail: (error: unknown) => void;

  constructor(private readonly parts: StageHostParts) {
    this.context = parts.context;
    this.clock = parts.clock;
    this.gate = parts.gate;
    this.operatorState = parts.state.lists;
    this.autoWatermarkIntervalMs = parts.autoWatermarkIntervalMs;
    this.restoredCheckpointId = parts.restoredCheckpointId;
    this.wake = parts.wake;
    this.fail = parts.fail;
  }

  get keyed(): KeyedStateBackend {
    return this.parts.state.keyed;
  }

  get watermarks(): WatermarkOutput {
    return this;
  }

  emitWatermark(timestamp: number): void {
    this.parts.watermarks().emitWatermark(timestamp);
  }

  setIdle(idle: boolean): void {
    this.parts.watermarks().setIdle(idle);
  }
}
