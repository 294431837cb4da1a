import { type Clock, type FlinkError, MAX_WATERMARK } from '#core';
import type { Accumulator, AccumulatorData, FinishStep, SinkWriter } from '#api';
import type { ChainFunctions, ChainGate, DeferredEmissions } from '../chain/chain-plan.js';
import type { EmitCursor, Stage, StageOutput } from '../chain/stage.js';
import type { StageAnswers } from '../chain/stage-checkpoints.js';
import { accumulatorReports } from './accumulator-reports.js';
import type { AlignedCheckpoint } from './barrier-alignment.js';
import type { ChainTime } from './chain-time.js';
import type { ControlFlow } from './control-flow.js';
import type { OperatorMetrics, SubtaskId, TaskMetrics, TaskState } from './deployment.js';
import { operatorFailure } from './operator-failure.js';
import type { Stopping } from './stopping.js';
import type { SubtaskCheckpoints } from './subtask-checkpoints.js';
import type { TaskExit } from './task-exit.js';
import type { TaskInput } from './task-input.js';

/** What a subtask is made of. */
export interface SubtaskParts {
  readonly id: SubtaskId;
  readonly parallelism: number;
  readonly clock: Clock;
  readonly input: TaskInput;
  readonly stages: readonly Stage[];
  readonly chain: ChainFunctions;
  readonly gate: ChainGate;
  readonly deferred: DeferredEmissions;
  readonly control: ControlFlow;
  readonly time: ChainTime;
  readonly checkpoints: SubtaskCheckpoints;
  readonly stopping: Stopping;
  readonly exits: readonly TaskExit[];
  readonly writers: readonly SinkWriter<unknown>[];
  readonly accumulators: ReadonlyMap<string, Accumulator<unknown, unknown>>;
  /** Whether checkpoints are made at intervals. */
  readonly checkpointing: boolean;
  /** Says that the subtask ends with its next checkpoint. */
  readonly awaitCheckpoint: () => void;
  /** Called when something asynchronous of the subtask has ended, so that the slot looks at it again. */
  readonly wake: () => void;
}

/**
 * Where a subtask is in its life. Each step is short and does not block:
 *
 * ```
 * opening ─▶ running ─▶ ending ─▶ draining ─▶ flushing ─▶ committing ─▶ closing ─▶ finished
 *    └──────────┴──────────┴─────────┴────────────┴────────────┴───────────┴─────▶ closed (cancelled or failed)
 * ```
 * - `opening`   functions, writers and the input are being opened
 * - `running`   input is taken, as long as every output can take records
 * - `ending`    the input has ended; operators emit what they held for the end, one after the other
 * - `draining`  what outputs held back goes out, then the end of input
 * - `flushing`  sink writers bring out what they have buffered
 * - `committing` a checkpoint is waited for, so that sinks commit the last of what they wrote
 * - `finished`  done; its result is reported
 *
 * A savepoint that suspends the job leads from `running` to `closing`.
 */
export type SubtaskPhase = 'opening' | 'running' | 'ending' | 'draining' | 'flushing' | 'committing' | 'closing' | 'finished' | 'closed';

/** The steps of the job's end and the accumulators. */
export interface SubtaskOutcome {
  readonly steps: readonly FinishStep[];
  readonly accumulators: Readonly<Record<string, AccumulatorData>>;
}

/** One parallel instance of a chain, driven by its slot's loop. */
export class Subtask {
  readonly id: SubtaskId;
  #phase: SubtaskPhase = 'opening';
  #endingStage = 0;
  #cursor: EmitCursor | undefined;
  #failure: { readonly error: unknown } | undefined;
  #steps: readonly FinishStep[] = [];
  #done = false;
  /** What is still being committed of checkpoints that are complete. */
  #completing: Promise<void> = Promise.resolve();
  /** What is being opened or flushed, or was last; never rejects. */
  #underWay: Promise<void> = Promise.resolve();
  #closing: Promise<readonly FlinkError[]> | undefined;
  #busyMs = 0;
  #backPressuredMs = 0;
  #lastStepMs = 0;
  readonly #startedMs: number;
  #timeEnded = false;
  /** Stages that emit beside the records, the last of the chain first. */
  readonly #answering: readonly { readonly answers: StageAnswers; readonly output: StageOutput }[];
  /** The first checkpoint that can be the final one. */
  #committingFrom = 0;
  /** The last checkpoint that it was told of. */
  #triggered = -1;

  constructor(
    private readonly parts: SubtaskParts,
    nowMs: number,
  ) {
    this.id = parts.id;
    this.#answering = parts.stages
      .flatMap(({ answers }, index) => (answers === undefined ? [] : [{ answers, output: parts.chain.outputs[index]! }]))
      .toReversed();
    this.#lastStepMs = nowMs;
    this.#startedMs = nowMs;
    this.#start(this.#open(), () => {
      this.#phase = 'running';
    });
  }

  get phase(): SubtaskPhase {
    return this.#phase;
  }

  get state(): TaskState {
    if (this.#phase === 'opening') return 'INITIALIZING';
    return this.#phase === 'finished' ? 'FINISHED' : 'RUNNING';
  }

  /** Once finished. */
  get outcome(): SubtaskOutcome {
    return { steps: this.#steps, accumulators: accumulatorReports(this.parts.accumulators) };
  }

  /** Asked between steps that wait: it may have been closed meanwhile. */
  get #closed(): boolean {
    return this.#phase === 'closed';
  }

  /** When the subtask has something to do although nothing comes in, on the clock's `monotonicMs`; `epochMs` is now on the other. */
  nextDueMs(nowMs: number, epochMs: number): number {
    let next = Infinity;
    for (const exit of this.parts.exits) next = Math.min(next, exit.nextFlushAtMs);
    if (this.#phase !== 'running' || this.parts.stopping.holds) return next;
    const inputMs = this.parts.gate.blocked ? Infinity : this.parts.input.nextDueMs;
    return Math.min(next, inputMs, nowMs + this.parts.time.nextProcessingTimeMs - epochMs);
  }

  /** Takes part in a checkpoint, from the next record on: for subtasks to which no barrier comes any more. */
  checkpoint(checkpoint: AlignedCheckpoint): void {
    // It may be told both by its enumerator and by the JobManager.
    if (checkpoint.checkpointId <= this.#triggered) return;
    this.#triggered = checkpoint.checkpointId;
    if (this.parts.input.trigger(checkpoint)) return;
    // A source. What becomes due by the end of time belongs to the savepoint.
    if (checkpoint.options.stop === 'drain' && !this.#timeEnded) this.parts.time.outputOf(0).emitWatermark(MAX_WATERMARK);
    this.parts.checkpoints.take(checkpoint);
  }

  checkpointCompleted(checkpointId: number): void {
    const final = this.#phase === 'committing' && checkpointId >= this.#committingFrom;
    this.#completing = this.#completing
      .then(() => this.parts.checkpoints.completed(checkpointId))
      .then(() => {
        if (final && this.#failure === undefined) this.#done = true;
        this.parts.stopping.completed(checkpointId);
        this.parts.wake();
      });
  }

  savepointCompleted(checkpointId: number): void {
    this.parts.checkpoints.savepointCompleted(checkpointId);
  }

  checkpointAborted(checkpointId: number): void {
    this.parts.input.abortCheckpoint(checkpointId);
    this.#completing = this.#completing.then(() => this.parts.checkpoints.aborted(checkpointId));
    const error = this.parts.stopping.aborted(checkpointId);
    if (error !== undefined) this.#failure ??= { error };
    this.parts.wake();
  }

  /** Does what can be done now; answers whether anything was. Throws what the subtask fails with. */
  step(nowMs: number): boolean {
    if (this.#failure !== undefined) throw this.#failure.error;
    const waitedMs = nowMs - this.#lastStepMs;
    const progressed = this.#stepInPhase(nowMs);
    this.#lastStepMs = this.parts.clock.monotonicMs();
    if (this.parts.gate.blocked) this.#backPressuredMs += waitedMs;
    if (progressed) this.#busyMs += this.#lastStepMs - nowMs;
    return progressed;
  }

  /**
   * Closes everything, in whatever phase, once what is being opened or flushed has come to its end: a writer may be creating a file that
   * is to be removed afterwards. That is waited for until `patience` ends. Answers when it is done; errors of closing are answered too.
   */
  async close(patience: Promise<void>): Promise<readonly FlinkError[]> {
    if (this.#phase === 'closed') return [];
    this.#phase = 'closed';
    await Promise.race([this.#underWay, patience]);
    return this.#closeOnce();
  }

  metrics(): TaskMetrics {
    const { input, exits } = this.parts;
    return {
      ...this.id,
      recordsIn: input.recordsIn,
      recordsOut: exits.reduce((sum, exit) => sum + exit.recordsOut, 0),
      bytesIn: input.bytesIn,
      bytesOut: exits.reduce((sum, exit) => sum + exit.bytesOut, 0),
      busyMs: this.#busyMs,
      backPressuredMs: this.#backPressuredMs,
      idleMs: Math.max(0, this.#lastStepMs - this.#startedMs - this.#busyMs - this.#backPressuredMs),
      inputWatermark: this.parts.time.inputOf(0),
      operators: this.parts.stages.map((stage, index) => this.#operatorMetrics(stage, index)),
    };
  }

  #operatorMetrics({ name, lateRecordsDropped }: Stage, index: number): OperatorMetrics {
    const { time } = this.parts;
    const watermarks = { name, inputWatermark: time.inputOf(index), outputWatermark: time.outputWatermarkOf(index) };
    return lateRecordsDropped === undefined ? watermarks : { ...watermarks, lateRecordsDropped: lateRecordsDropped() };
  }

  /** Names the operator that an error came from, unless the error says already what it is. */
  explain(error: unknown): FlinkError {
    return this.#failureIn(this.parts.chain.stageOf(error)?.name ?? this.#likelyOperator(error), error);
  }

  #stepInPhase(nowMs: number): boolean {
    const unblocked = this.#goOn();
    for (const exit of this.parts.exits) exit.flushDue(nowMs);
    if (this.parts.gate.blocked) return unblocked;
    switch (this.#phase) {
      case 'running':
        return this.#run() || unblocked;
      case 'ending':
        return this.#emitAtEnd();
      case 'draining':
        return this.#flush();
      case 'flushing':
        return this.#doneWith(() => {
          this.#commitOrClose();
        });
      case 'committing':
        return this.#doneWith(() => {
          this.#close();
        });
      case 'closing':
        return this.#doneWith(() => {
          this.#phase = 'finished';
        });
      default:
        return false;
    }
  }

  /**
   * What was held back comes first, then what takes effect between records, then what stages have to answer. The gate stays blocked while
   * anything of it is left, or a stage can take no more.
   */
  #goOn(): boolean {
    const { control, gate, time } = this.parts;
    if (this.#phase === 'opening') return false;
    this.parts.input.look();
    const before = gate.blocked;
    let progressed = this.#release();
    const { holds } = this.parts.stopping;
    if (this.#phase === 'running' && !gate.blocked && !control.pending && !holds) time.fireDue();
    progressed = this.#runControl() || progressed;
    if (this.#answering.length > 0 && !holds && !this.parts.stopping.suspended) progressed = this.#answer() || progressed;
    if (control.pending || this.#full) gate.blocked = true;
    return progressed || (before && !gate.blocked);
  }

  #runControl(): boolean {
    return this.parts.control.run(
      (idle) => this.#released() && (idle || !this.#full),
      () => this.parts.deferred.empty,
    );
  }

  /** From the last stage to the first, so that nothing is emitted into a stage that is full. */
  #answer(): boolean {
    const { control, gate } = this.parts;
    let progressed = false;
    for (const { answers, output } of this.#answering) {
      while (answers.ready && !control.pending && this.#released()) {
        progressed = answers.emit(output) || progressed;
        progressed = this.#runControl() || progressed;
      }
      if (gate.blocked || answers.full) break;
    }
    return progressed;
  }

  /** Some stage can take no more records. */
  get #full(): boolean {
    for (const { answers } of this.#answering) if (answers.full) return true;
    return false;
  }

  #released(): boolean {
    this.#release();
    return !this.parts.gate.blocked;
  }

  /** Opens the gate when every output can take records and nothing is deferred. Answers whether anything moved. */
  #release(): boolean {
    const { gate, exits, writers, deferred } = this.parts;
    if (!gate.blocked) return false;
    let progressed = false;
    for (const exit of exits) if (exit.blocked && exit.drain()) progressed = true;
    gate.blocked = exits.some((exit) => exit.blocked) || writers.some((writer) => writer.blocked);
    if (gate.blocked || deferred.empty) return progressed;
    deferred.resume(gate);
    return true;
  }

  #run(): boolean {
    const { input, gate, exits, time, stopping } = this.parts;
    if (stopping.holds) return false;
    if (!this.#timeEnded) {
      const progressed = input.poll(gate);
      if (!input.ended || gate.blocked) return progressed;
      this.#timeEnded = true;
      if (input.endsTime) time.outputOf(0).emitWatermark(MAX_WATERMARK);
      return true;
    }
    this.#phase = 'ending';
    for (const exit of exits) exit.flush();
    // What operators and writers hold is in the savepoint: they are closed as they are.
    if (stopping.suspended) this.#close();
    return true;
  }

  #emitAtEnd(): boolean {
    const { stages, chain, gate, exits } = this.parts;
    while (this.#endingStage < stages.length) {
      const output = chain.outputs[this.#endingStage];
      if (output === undefined) break;
      this.#cursor ??= stages[this.#endingStage]?.endOfInput(output, gate) ?? (() => true);
      // With the gate open it waits for its stage to wake the subtask.
      if (!this.#advance(this.#cursor)) return gate.blocked;
      this.#cursor = undefined;
      this.#endingStage++;
      if (gate.blocked) return true;
    }
    for (const exit of exits) exit.finish?.();
    gate.blocked = exits.some((exit) => exit.blocked);
    this.#phase = 'draining';
    return true;
  }

  /** Errors of the cursor itself are those of the operator that emits; what it emits may fail further down the chain. */
  #advance(cursor: EmitCursor): boolean {
    const { chain, stages } = this.parts;
    try {
      return cursor();
    } catch (error) {
      throw this.#failureIn((chain.stageOf(error) ?? stages[this.#endingStage])?.name ?? '', error);
    }
  }

  #flush(): boolean {
    this.#phase = 'flushing';
    this.#begin(this.#flushWriters());
    return true;
  }

  #commitOrClose(): void {
    if (!this.parts.stages.some((stage) => this.#needsFinalCheckpoint(stage))) return this.#close();
    this.#phase = 'committing';
    this.#committingFrom = this.parts.checkpoints.taken + 1;
    this.parts.awaitCheckpoint();
  }

  #needsFinalCheckpoint({ checkpoints }: Stage): boolean {
    return this.parts.checkpointing && checkpoints?.needsFinalCheckpoint === true;
  }

  #close(): void {
    const { exits, gate } = this.parts;
    for (const exit of exits) {
      exit.broadcastEvent({ kind: 'endOfInput' });
      exit.flush();
    }
    this.parts.checkpoints.outputEnded();
    gate.blocked = exits.some((exit) => exit.blocked);
    this.#phase = 'closing';
    this.#begin(this.#closeAndThrow());
  }

  /** Goes on when what was begun has ended. */
  #doneWith(next: () => void): boolean {
    if (!this.#done) return false;
    this.#done = false;
    next();
    return true;
  }

  #begin(work: Promise<void>): void {
    this.#start(work, () => {
      this.#done = true;
    });
  }

  async #open(): Promise<void> {
    for (const stage of this.parts.stages.toReversed()) {
      if (this.#closed) return;
      await this.#within(stage.name, () => stage.open());
    }
    if (!this.#closed) await this.parts.input.open();
  }

  /** Brings out what the sinks have; the steps of those that wait for no checkpoint are taken when the job has succeeded. */
  async #flushWriters(): Promise<void> {
    const steps: FinishStep[] = [];
    for (const stage of this.parts.stages) {
      if (this.#closed) return;
      const { name, body, checkpoints } = stage;
      if (body.form === 'sink') steps.push(...(await this.#within(name, () => body.writer.flush(true))));
      if (checkpoints === undefined || this.#needsFinalCheckpoint(stage)) continue;
      steps.push(...(await this.#within(name, () => checkpoints.finish())));
    }
    this.#steps = steps;
  }

  async #closeAndThrow(): Promise<void> {
    await this.parts.checkpoints.reported;
    await this.#completing;
    const [error] = await this.#closeOnce();
    if (error !== undefined) throw error;
  }

  /** Closes every stage and the input once, whoever asks first; answers the errors. */
  #closeOnce(): Promise<readonly FlinkError[]> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<readonly FlinkError[]> {
    const { stages, input } = this.parts;
    const closing = [
      this.#within(stages[0]?.name ?? '', () => input.close()),
      ...stages.map((stage) => this.#within(stage.name, () => stage.close())),
    ];
    const results = await Promise.allSettled(closing);
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as FlinkError] : []));
    return [...errors, ...(await this.parts.checkpoints.close())];
  }

  /** Does something of an operator's life; its error names the operator. */
  async #within<T>(operator: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#failureIn(operator, error);
    }
  }

  #failureIn(operator: string, error: unknown): FlinkError {
    return operatorFailure(operator, this.id.subtaskIndex, this.parts.parallelism, error);
  }

  /** Without a line of the chain in its stack an error came from a source's reader; without a stack it may have come from any operator. */
  #likelyOperator(error: unknown): string {
    const { stages } = this.parts;
    const [head] = stages;
    if (head?.body.form === 'source' && error instanceof Error) return head.name;
    return stages.map(({ name }) => name).join(' -> ');
  }

  /** Runs something asynchronous; what follows is done when it has ended well. */
  #start(work: Promise<void>, then: () => void): void {
    this.#underWay = work
      .then(
        () => {
          if (!this.#closed) then();
        },
        (error: unknown) => {
          this.#failure = { error };
        },
      )
      .finally(this.parts.wake);
  }
}
