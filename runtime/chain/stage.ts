import type { LookAhead } from '#core';
import type { FilterFunction, FlatMapFunction, MapFunction, SinkWriter } from '#api';
import type { StageAnswers, StageCheckpoints } from './stage-checkpoints.js';
import type { StageTime } from './stage-time.js';

/** Where a stage that is not a plain function puts what it emits. */
export interface StageOutput {
  emit(value: unknown, timestamp: number): void;
  /** Emits to the side output of that name; dropped when nothing reads it. */
  emitTo(tag: string, value: unknown, timestamp: number): void;
}

/** Takes one record and answers one. */
export interface UpdatingOperator {
  update(value: unknown): unknown;
}

/** Takes records and emits nothing before the end of its input. */
export interface AbsorbingOperator {
  absorb(value: unknown): void;
  /** How many results there are. */
  readonly size: number;
  resultAt(slot: number): unknown;
}

export interface ProcessingOperator {
  /** Has the memory that the records' keys need at hand when they come, and changes nothing. Answers whether that is worth while. */
  prefetch?: LookAhead;
  process(value: unknown, timestamp: number, output: StageOutput): void;
}

export interface TwoInputOperator {
  process1(value: unknown, timestamp: number, output: StageOutput): void;
  process2(value: unknown, timestamp: number, output: StageOutput): void;
}

/** Gives each record a new timestamp, and sees it again when it has gone on. */
export interface TimestampingOperator {
  timestampOf(value: unknown, timestamp: number): number;
  passed(value: unknown, timestamp: number): void;
}

/** What an operator does with a record, in the forms that the chain compiler knows. */
export type StageBody =
  | { readonly form: 'source' }
  | { readonly form: 'map'; readonly call: MapFunction<unknown, unknown> }
  | { readonly form: 'filter'; readonly call: FilterFunction<unknown> }
  | { readonly form: 'flatMap'; readonly call: FlatMapFunction<unknown, unknown> }
  | { readonly form: 'update'; readonly operator: UpdatingOperator }
  | { readonly form: 'absorb'; readonly operator: AbsorbingOperator }
  | { readonly form: 'process'; readonly operator: ProcessingOperator }
  | { readonly form: 'timestamps'; readonly operator: TimestampingOperator }
  | { readonly form: 'twoInputs'; readonly operator: TwoInputOperator }
  | { readonly form: 'sink'; readonly writer: SinkWriter<unknown> };

/** A cursor over what an operator has still to emit: emits until `gate.blocked`; answers whether it came to its end. */
export type EmitCursor = () => boolean;

/** An operator inside a chain: what it does with records, and its life. */
export interface Stage {
  readonly nodeId: number;
  readonly name: string;
  readonly body: StageBody;
  /** Absent where time changes nothing. */
  readonly time?: StageTime | undefined;
  readonly checkpoints?: StageCheckpoints | undefined;
  readonly answers?: StageAnswers | undefined;
  /** How many records came too late and were dropped, since the stage was made; absent where none can be. */
  readonly lateRecordsDropped?: (() => number) | undefined;
  open(): Promise<void>;
  /**
   * Called once all input is processed; answers what to emit then, if anything. A cursor that has not come to its end though the gate is
   * open waits for its stage to wake the subtask.
   */
  endOfInput(output: StageOutput, gate: { readonly blocked: boolean }): EmitCursor | undefined;
  close(): Promise<void>;
}
