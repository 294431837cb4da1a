import { NO_TIMESTAMP } from '#core';
import { NoTimestampError, TimeWindow, type KeySpec } from '#api';
import type { EmitCursor, ProcessingOperator, StageOutput } from '../chain/stage.js';
import type { StageTime } from '../chain/stage-time.js';
import { KeyBatch } from '../operators/key-batch.js';
import type { OperatorHost } from '../operators/operator-host.js';
import type { NamespacedState, NamespaceTable } from '../state/keyed-state-backend.js';
import type { AlignedGeometry } from './aligned-geometry.js';
import type { Contents } from './contents.js';
import { FiredUntil } from './fired-until.js';
import type { LateRecords } from './late-records.js';
import type { OperatorTime } from './operator-time.js';
import { SliceCombiner } from './slice-combiner.js';
import type { WindowEmission } from './window-emission.js';
import type { WindowStates } from './window-state.js';

export interface AlignedWindowParts {
  readonly host: OperatorHost;
  readonly key: KeySpec;
  readonly geometry: AlignedGeometry;
  readonly eventTime: boolean;
  /** ms; 0 in processing time. */
  readonly latenessMs: number;
  readonly contents: Contents;
  readonly time: OperatorTime;
  readonly emission: WindowEmission;
  readonly late: LateRecords;
  readonly states: WindowStates;
}

/**
 * Tumbling and sliding windows that fire by time. A window is looked at for a key only when it fires, or when a record is late for it.
 *
 * In:    keyed records.
 * Out:   the results of each window when time passes its end, in the order of windows; and of a key again when a late record has come.
 * State: a table of accumulators by key for each slice of time that windows share; of tumbling windows each is one slice. A slice is
 *        dropped when the last window that has it, and its lateness, are over.
 */
export class AlignedWindows implements ProcessingOperator {
  readonly time: StageTime;
  readonly #slices: SliceTables;
  readonly #combiner: SliceCombiner | undefined;
  readonly #parts: AlignedWindowParts;
  readonly #select: KeySpec['select'];
  readonly #contents: Contents;
  readonly #batch: KeyBatch;
  /** The slice that the last record was in, while no window that has it has fired. */
  #start = Infinity;
  #end = -Infinity;
  /** The end of the first window that has it. */
  #firstEnd = Infinity;
  #table: NamespaceTable<unknown> | undefined;
  /** The end up to which windows have fired. */
  #fired: number;
  /** In processing time; in event time it follows from the watermark. */
  readonly #firedUntil: FiredUntil | undefined;

  constructor(parts: AlignedWindowParts) {
    this.#parts = parts;
    this.#select = parts.key.select;
    this.#batch = new KeyBatch(parts.key);
    this.#contents = parts.contents;
    const { host, geometry, time, eventTime, contents } = parts;
    this.#slices = new SliceTables(host.keyed.namespaced<unknown>({ name: 'window-contents', kind: 'window', type: undefined }));
    this.#combiner = geometry.slices === 1 ? undefined : new SliceCombiner(geometry, contents, (slice) => this.#slices.existing(slice));
    if (!eventTime) this.#firedUntil = new FiredUntil(host);
    this.#fired = this.#firedUntil?.restored ?? time.watermark + 1;
    this.time = new AlignedWindowTime(this, eventTime, time);
  }

  process(value: unknown, timestamp: number, output: StageOutput): void {
    const time = this.#parts.eventTime ? timestamp : Math.max(this.#parts.time.processingTimeMs, this.#fired);
    const table = time >= this.#start && time < this.#end ? this.#table : this.#tableAt(time);
    if (table === undefined) {
      this.#late(value, time, output);
      return;
    }
    this.#add(table, this.#select(value), value);
  }

  prefetch(records: readonly unknown[], count: number): boolean {
    const table = this.#table;
    if (table === undefined) return true;
    if (table.prefetch === undefined || !this.#batch.take(records, count)) return false;
    table.prefetch(this.#batch.keys, count);
    return true;
  }

  /** The end of the next window that is to fire; Infinity when there is none. */
  get nextEnd(): number {
    return this.#slices.nextEnd(this.#parts.geometry, this.#fired);
  }

  /** Fires the windows that end up to `end`, and forgets those that are over. */
  fire(end: number, output: StageOutput): EmitCursor | undefined {
    if (this.#firstEnd <= end) this.#forget();
    if (!this.#due(end)) {
      this.#finish(end);
      return undefined;
    }
    let firing: EmitCursor | undefined;
    return () => {
      for (;;) {
        if (firing?.() === false) return false;
        if (!this.#due(end)) break;
        this.#fired = this.nextEnd;
        firing = this.#firing(this.#fired, output);
      }
      this.#finish(end);
      return true;
    };
  }

  /** Whether a window fires by then. At the end of time all do that there are. */
  #due(end: number): boolean {
    const next = this.nextEnd;
    return next <= end && next !== Infinity;
  }

  #add(table: NamespaceTable<unknown>, key: unknown, value: unknown): void {
    const slot = table.slotOf(key);
    const before = table.get(slot);
    table.set(slot, before === undefined ? this.#contents.first(value) : this.#contents.add(before, value));
  }

  /** The slice's table, to be used for the next records too; undefined when a window that has the slice has fired, or none has it. */
  #tableAt(time: number): NamespaceTable<unknown> | undefined {
    if (time === NO_TIMESTAMP) throw new NoTimestampError();
    const { geometry } = this.#parts;
    const slice = geometry.sliceAt(time);
    const firstEnd = geometry.nextEnd(slice, -Infinity);
    if (firstEnd === undefined || firstEnd <= this.#fired) return undefined;
    this.#start = slice;
    this.#end = slice + geometry.sliceMs;
    this.#firstEnd = firstEnd;
    this.#table = this.#slices.table(slice);
    return this.#table;
  }

  #forget(): void {
    this.#start = Infinity;
    this.#end = -Infinity;
    this.#firstEnd = Infinity;
    this.#table = undefined;
  }

  /** A record for which some window, or all, has fired already. */
  #late(value: unknown, time: number, output: StageOutput): void {
    const { geometry, late } = this.#parts;
    const slice = geometry.sliceAt(time);
    const lastEnd = geometry.lastEnd(slice);
    if (lastEnd <= slice) {
      if (this.#over(time + 1)) late.take(value, time, output);
      return;
    }
    if (this.#over(lastEnd)) {
      late.take(value, time, output);
      return;
    }
    const key = this.#select(value);
    this.#add(this.#slices.table(slice), key, value);
    this.#combiner?.addLate(slice, key, value);
    this.#fireAgain(slice, key, output);
  }

  /** Whether the time of a window with that end is over, lateness included. */
  #over(end: number): boolean {
    return this.#parts.eventTime && end - 1 + this.#parts.latenessMs <= this.#parts.time.watermark;
  }

  #fireAgain(slice: number, key: unknown, output: StageOutput): void {
    const { geometry, contents, emission } = this.#parts;
    for (let end = geometry.nextEnd(slice, -Infinity); end !== undefined && end <= this.#fired; end = geometry.nextEnd(slice, end)) {
      if (this.#over(end)) continue;
      const window = new TimeWindow(end - geometry.sizeMs, end);
      const accumulator = this.#combiner === undefined ? this.#alone(slice, key) : this.#combiner.combined(window, key);
      emission.emit(key, window, contents.result(accumulator), output);
    }
  }

  #alone(slice: number, key: unknown): unknown {
    const table = this.#slices.table(slice);
    return this.#contents.copy(table.get(table.slotOf(key)));
  }

  #firing(end: number, output: StageOutput): EmitCursor {
    const { geometry } = this.#parts;
    const window = new TimeWindow(end - geometry.sizeMs, end);
    return this.#combiner === undefined ? this.#walk(window, output) : this.#walkCombined(this.#combiner, window, output);
  }

  /** Of a window that is one slice. Its accumulators are given up when nothing can be late for it. */
  #walk(window: TimeWindow, output: StageOutput): EmitCursor {
    const { host, contents, emission, latenessMs } = this.#parts;
    const cursor = this.#slices.existing(window.start)?.cursor();
    const kept = latenessMs > 0;
    return () => {
      if (cursor === undefined) return true;
      while (!host.gate.blocked) {
        if (!cursor.next()) return true;
        const accumulator = kept ? contents.copy(cursor.value) : cursor.value;
        emission.emit(cursor.key, window, contents.result(accumulator), output);
      }
      return false;
    };
  }

  #walkCombined(combiner: SliceCombiner, window: TimeWindow, output: StageOutput): EmitCursor {
    const { host, contents, emission } = this.#parts;
    combiner.enter(window);
    let place = 0;
    return () => {
      while (place < combiner.size && !host.gate.blocked) {
        const accumulator = combiner.accumulatorAt(place);
        const key = combiner.keyAt(place++);
        if (accumulator !== undefined) emission.emit(key, window, contents.result(accumulator), output);
      }
      return place >= combiner.size;
    };
  }

  #finish(end: number): void {
    const { geometry, eventTime, latenessMs, states } = this.#parts;
    if (end > this.#fired) this.#fired = end;
    this.#firedUntil?.note(this.#fired);
    const over = eventTime ? end - latenessMs : end;
    this.#slices.dropWhile((slice) => geometry.lastEnd(slice) <= over);
    states.dropUntil(over);
  }
}

/** When aligned windows fire: by the watermark, or by the clock. */
class AlignedWindowTime implements StageTime {
  readonly passesWatermarks = true;

  constructor(
    private readonly windows: AlignedWindows,
    private readonly eventTime: boolean,
    private readonly operatorTime: OperatorTime,
  ) {}

  get nextProcessingTimeMs(): number {
    return this.eventTime ? Infinity : this.windows.nextEnd;
  }

  advance(watermark: number, output: StageOutput): EmitCursor | undefined {
    this.operatorTime.advance(watermark);
    return this.eventTime ? this.windows.fire(watermark + 1, output) : undefined;
  }

  onProcessingTime(nowMs: number, output: StageOutput): EmitCursor | undefined {
    return this.eventTime ? undefined : this.windows.fire(nowMs, output);
  }
}

/** The tables of slices, and which there are, in the order of time. */
class SliceTables {
  readonly #starts: number[];

  constructor(private readonly state: NamespacedState<unknown>) {
    this.#starts = [...state.namespaces()].map(Number).sort((a, b) => a - b);
  }

  existing(slice: number): NamespaceTable<unknown> | undefined {
    return this.state.existing(slice);
  }

  table(slice: number): NamespaceTable<unknown> {
    const existing = this.state.existing(slice);
    if (existing !== undefined) return existing;
    let place = this.#starts.length;
    while (place > 0 && (this.#starts[place - 1] as number) > slice) place--;
    this.#starts.splice(place, 0, slice);
    return this.state.table(slice);
  }

  /** The first end after `after` of a window that has a slice; Infinity when there is none. */
  nextEnd(geometry: AlignedGeometry, after: number): number {
    for (const slice of this.#starts) {
      const end = geometry.nextEnd(slice, after);
      if (end !== undefined) return end;
    }
    return Infinity;
  }

  /** Drops slices, the earliest first, as long as they are over. */
  dropWhile(over: (slice: number) => boolean): void {
    let count = 0;
    for (const slice of this.#starts) {
      if (!over(slice)) break;
      this.state.drop(slice);
      count++;
    }
    this.#starts.splice(0, count);
  }
}
