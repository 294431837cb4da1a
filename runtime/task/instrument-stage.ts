import type { Stage } from '../chain/stage.js';

/** Where a stage runs. */
export interface StagePlace {
  readonly subtaskIndex: number;
  readonly attempt: number;
}

/** Puts something around the stages of a slot, for tests. Answers the stage itself where there is nothing to put. */
export type InstrumentStage = (stage: Stage, place: StagePlace) => Stage;
