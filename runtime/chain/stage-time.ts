import type { EmitCursor, StageOutput } from './stage.js';

/** What a stage does as time goes. Stages without it let watermarks through. */
export interface StageTime {
  /**
   * Event time at the stage's input has risen to `watermark`: answers a cursor over what is to be emitted because of it. The watermark goes
   * on to the next stages when the cursor has come to its end.
   */
  advance(watermark: number, output: StageOutput): EmitCursor | undefined;
  /** False for stages that make the watermarks of their output themselves, by their {@link WatermarkOutput}. */
  readonly passesWatermarks: boolean;
  /** When something is due by processing time, ms since 1970; Infinity for never. */
  readonly nextProcessingTimeMs: number;
  /** Processing time has reached what was due. */
  onProcessingTime(nowMs: number, output: StageOutput): EmitCursor | undefined;
  /** The stage's input has become idle, or is so no longer: for stages that do not pass watermarks, which tell it to their output. */
  onIdle?(idle: boolean): void;
}

/** For stages that make watermarks. May be called at any time in the subtask's thread; takes effect behind the record at hand. */
export interface WatermarkOutput {
  emitWatermark(timestamp: number): void;
  /** Whether the stage's output holds back the watermarks of what reads it no longer, or does so again. */
  setIdle(idle: boolean): void;
}
