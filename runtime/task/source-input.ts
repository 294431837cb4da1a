import { type Clock, NO_TIMESTAMP } from '#core';
import type { PollStatus, Source, SourceOutput, SourceReader, SourceReaderContext, Split } from '#api';
import type { ChainGate } from '../chain/chain-plan.js';
import type { GeneratedWatermarks } from '../time/generated-watermarks.js';
import type { SourceAlignment } from '../time/source-alignment.js';
import type { SourceTime } from '../time/source-time.js';
import type { TaskInput } from './task-input.js';

/** Records that a reader is asked for in one step of the slot's loop at most; fewer, … */
const MAX_RECORDS_PER_POLL = 1024;
/** … when they take longer than this: the slot has other subtasks, and checkpoints wait for the end of a step. */
const STEP_MS = 10;

/** The one split of readers that tell none apart. */
const WHOLE_READER = '';

/** Where the records of a reader go. */
export interface SourceDestination {
  readonly push: (value: unknown, timestamp: number) => void;
  readonly gate: ChainGate;
  readonly time?: SourceTime | undefined;
  /** Of readers that keep together with others. */
  readonly alignment?: SourceAlignment | undefined;
}

/** Feeds a chain from a source reader. */
export class SourceInput implements TaskInput, SourceOutput<unknown> {
  /** Set to false by a stop that does not drain: the source ends, but its time does not. */
  endsTime = true;
  /** Of subtask 0, beside which the enumerator runs: what that had when the checkpoint began. */
  enumeratorSnapshot: (checkpointId: number) => readonly unknown[] | undefined = () => undefined;
  readonly #reader: SourceReader<unknown>;
  readonly #push: (value: unknown, timestamp: number) => void;
  readonly #gate: ChainGate;
  /** Of sources that make their own event time. */
  readonly #time: SourceTime | undefined;
  readonly #alignment: SourceAlignment | undefined;
  /** Where records go that no split is told of. */
  #whole: GeneratedWatermarks | undefined;
  readonly #outputs = new Map<string, SourceOutput<unknown>>();
  #status: PollStatus = 'more';
  #awake = true;
  #recordsIn = 0;
  #recordsPerPoll = MAX_RECORDS_PER_POLL;
  readonly #clock: Clock;
  readonly bytesIn = 0;
  readonly nextDueMs = Infinity;

  /** The context's `wake` must call {@link wake}. */
  constructor(source: Source<unknown>, context: SourceReaderContext, to: SourceDestination) {
    this.#reader = source.createReader(context);
    this.#clock = context.clock;
    this.#push = to.push;
    this.#gate = to.gate;
    this.#time = to.time;
    this.#alignment = to.alignment;
  }

  get ended(): boolean {
    return this.#status === 'end';
  }

  get recordsIn(): number {
    return this.#recordsIn;
  }

  get blocked(): boolean {
    return this.#gate.blocked;
  }

  emit(value: unknown, timestamp: number = NO_TIMESTAMP): void {
    this.#recordsIn++;
    if (this.#time === undefined) this.#push(value, timestamp);
    else this.#emitTimed((this.#whole ??= this.#time.split(WHOLE_READER)), value, timestamp);
  }

  forSplit(id: string): SourceOutput<unknown> {
    const known = this.#outputs.get(id);
    if (known !== undefined) return known;
    const output = this.#splitOutput(id);
    this.#outputs.set(id, output);
    return output;
  }

  finishSplit(id: string): void {
    this.#outputs.delete(id);
    this.#time?.finishSplit(id);
  }

  #splitOutput(id: string): SourceOutput<unknown> {
    const generated = this.#time?.split(id);
    if (generated === undefined) return this;
    const gate = this.#gate;
    return {
      emit: (value, timestamp = NO_TIMESTAMP) => {
        this.#recordsIn++;
        this.#emitTimed(generated, value, timestamp);
      },
      get blocked() {
        return gate.blocked;
      },
    };
  }

  #emitTimed(generated: GeneratedWatermarks, value: unknown, timestamp: number): void {
    const time = generated.timestampOf(value, timestamp);
    this.#push(value, time);
    generated.passed(value, time);
  }

  /** Has the reader polled again; for the reader's own callbacks. */
  wake(): void {
    this.#awake = true;
  }

  async open(): Promise<void> {
    await this.#reader.open?.();
    this.#alignment?.start();
  }

  poll(): boolean {
    if (this.#status === 'end' || (this.#status === 'idle' && !this.#awake)) return false;
    if (this.#alignment?.paused === true) return false;
    this.#awake = false;
    const before = this.#recordsIn;
    const startMs = this.#clock.monotonicMs();
    this.#status = this.#reader.poll(this, this.#recordsPerPoll);
    const records = this.#recordsIn - before;
    if (records > 0) this.#pace(records, this.#clock.monotonicMs() - startMs);
    if (this.#alignment !== undefined) this.#align(this.#alignment);
    return records > 0 || this.#status !== 'idle';
  }

  #pace(records: number, tookMs: number): void {
    if (tookMs > STEP_MS) this.#recordsPerPoll = Math.max(1, Math.floor((records * STEP_MS) / tookMs));
    else if (tookMs < STEP_MS / 2) this.#recordsPerPoll = Math.min(MAX_RECORDS_PER_POLL, this.#recordsPerPoll * 2);
  }

  #align(alignment: SourceAlignment): void {
    if (this.ended) alignment.end();
    else alignment.look(this.#reader);
  }

  /** How far the group of the reader lets it go. */
  align(watermark: number): void {
    if (!this.ended) this.#alignment?.allow(watermark, this.#reader);
  }

  addSplits(splits: readonly Split[]): void {
    this.#reader.addSplits?.(splits);
    this.wake();
  }

  noMoreSplits(): void {
    this.#reader.noMoreSplits?.();
    this.wake();
  }

  /** What is left to read, with positions; undefined for readers that cannot tell. */
  snapshot(): readonly Split[] | undefined {
    return this.#reader.snapshot?.();
  }

  /** Emits what the reader took from the outside and still keeps. */
  settle(): void {
    this.#reader.settle?.(this);
  }

  /** No more is read, whatever is left. */
  stop(drain: boolean): void {
    this.endsTime = drain;
    this.#status = 'end';
    this.#alignment?.end();
  }

  look(): void {
    // nothing comes but by the reader
  }

  trigger(): boolean {
    return false;
  }

  abortCheckpoint(): void {
    // a source has no channels
  }

  async close(): Promise<void> {
    this.#alignment?.close();
    await this.#reader.close?.();
  }
}
