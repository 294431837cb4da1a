import { InvalidProgramError } from '../errors.js';
import { durationOf, type Duration } from './duration.js';
import type { AssignerWithPeriodicWatermarks, AssignerWithPunctuatedWatermarks } from './timestamp-extractors.js';
import { periodicGenerator, punctuatedGenerator } from './assigner-generators.js';
import type { TimestampAssigner, TimestampFunction } from './timestamp-assigner.js';
import { BoundedOutOfOrdernessWatermarks, NoWatermarks, type WatermarkContext, type WatermarkGenerator } from './watermark-generator.js';

/** Sources of a group wait for each other: none runs ahead of the slowest by more than the drift. */
export interface WatermarkAlignment {
  readonly group: string;
  readonly maxDriftMs: number;
  readonly updateIntervalMs: number;
}

/** What can be said of a strategy without its functions. */
export interface WatermarkDetails {
  readonly watermarks: string;
  readonly idlenessMs: number | null;
  readonly alignment: WatermarkAlignment | null;
}

interface StrategyParts {
  readonly kind: string;
  readonly generator: (context: WatermarkContext) => WatermarkGenerator<never>;
  readonly assigner: ((context: WatermarkContext) => TimestampFunction<never>) | undefined;
  readonly idlenessMs: number | undefined;
  readonly alignment: WatermarkAlignment | undefined;
}

/**
 * How records get their event time, and how the stream tells how far event time has come. Strategies are values: each `with…` answers
 * a new one.
 *
 * @example
 * clicks.assignTimestampsAndWatermarks(
 *   WatermarkStrategy.forBoundedOutOfOrderness('2 s').withTimestampAssigner((click: Click) => click.time).withIdleness('1 min'),
 * );
 */
export class WatermarkStrategy<in T> {
  declare protected readonly recordType: (value: T) => void;
  readonly #parts: StrategyParts;

  private constructor(parts: StrategyParts) {
    this.#parts = parts;
  }

  /** For timestamps that never fall within a subtask, or a split of a source. */
  static forMonotonousTimestamps<T = unknown>(): WatermarkStrategy<T> {
    return WatermarkStrategy.#of('monotonous', () => new BoundedOutOfOrdernessWatermarks<never>(0));
  }

  /** For records that come late by at most this. Throws `InvalidProgramError` (user) when it is below 0. */
  static forBoundedOutOfOrderness<T = unknown>(maxOutOfOrderness: Duration): WatermarkStrategy<T> {
    const delayMs = durationOf(maxOutOfOrderness);
    if (delayMs < 0) throw new InvalidProgramError('maxOutOfOrderness cannot be negative', 'Give 0 or more.');
    return WatermarkStrategy.#of(`bounded out-of-orderness ${delayMs} ms`, () => new BoundedOutOfOrdernessWatermarks<never>(delayMs));
  }

  /** Watermarks of the program's own making. */
  static forGenerator<T>(create: (context: WatermarkContext) => WatermarkGenerator<T>): WatermarkStrategy<T> {
    return WatermarkStrategy.#of('generator', create);
  }

  /** No watermarks but the last one of a bounded source, for streams in which only processing time counts. */
  static noWatermarks<T = unknown>(): WatermarkStrategy<T> {
    return WatermarkStrategy.#of('none', () => new NoWatermarks<never>());
  }

  /** Timestamps and watermarks by an assigner of Flink's older interface. */
  static forAssigner<T>(assigner: AssignerWithPeriodicWatermarks<T> | AssignerWithPunctuatedWatermarks<T>): WatermarkStrategy<T> {
    const periodic = 'getCurrentWatermark' in assigner;
    const made = WatermarkStrategy.#of<T>(periodic ? 'periodic' : 'punctuated', () =>
      periodic ? periodicGenerator(assigner) : punctuatedGenerator(assigner),
    );
    return made.withTimestampAssigner((value: T, recordTimestamp) => assigner.extractTimestamp(value, recordTimestamp));
  }

  /** Event time is the time at which a record comes into the job, made to never fall. */
  static forIngestionTime<T = unknown>(): WatermarkStrategy<T> {
    const made = WatermarkStrategy.#of<T>('ingestion time', ({ clock }) => ({
      onEvent: () => undefined,
      onPeriodicEmit: (output) => {
        output.emitWatermark(clock.now() - 1);
      },
    }));
    return new WatermarkStrategy<T>({ ...made.#parts, assigner: ({ clock }) => risingTime(() => clock.now()) });
  }

  /** Where the timestamps of records come from; without it records keep those they have. */
  withTimestampAssigner<U extends T>(assigner: TimestampFunction<U> | TimestampAssigner<U>): WatermarkStrategy<U> {
    const call: TimestampFunction<U> =
      typeof assigner === 'function' ? assigner : (value, recordTimestamp) => assigner.extractTimestamp(value, recordTimestamp);
    return new WatermarkStrategy<U>({ ...this.#parts, assigner: () => call });
  }

  /** After this long without a record, in processing time, the stream holds back the watermarks of what reads it no longer. */
  withIdleness(timeout: Duration): WatermarkStrategy<T> {
    const idlenessMs = durationOf(timeout);
    if (!(idlenessMs > 0)) throw new InvalidProgramError('idleTimeout must be greater than zero', 'Give a time above 0.');
    return new WatermarkStrategy<T>({ ...this.#parts, idlenessMs });
  }

  /** Holds back the sources of a group that are ahead of the slowest by more than `maxDrift`; looked at every `updateInterval`. */
  withWatermarkAlignment(group: string, maxDrift: Duration, updateInterval: Duration = 1000): WatermarkStrategy<T> {
    const alignment = { group, maxDriftMs: durationOf(maxDrift), updateIntervalMs: durationOf(updateInterval) };
    return new WatermarkStrategy<T>({ ...this.#parts, alignment });
  }

  /** ms without a record after which the stream is idle; undefined: never. */
  get idlenessMs(): number | undefined {
    return this.#parts.idlenessMs;
  }

  get alignment(): WatermarkAlignment | undefined {
    return this.#parts.alignment;
  }

  get details(): WatermarkDetails {
    const { kind, idlenessMs, alignment } = this.#parts;
    return { watermarks: kind, idlenessMs: idlenessMs ?? null, alignment: alignment ?? null };
  }

  /** A generator of its own for a subtask, or a split of a source. */
  createGenerator(context: WatermarkContext): WatermarkGenerator<T> {
    return this.#parts.generator(context);
  }

  /** Where timestamps come from in a subtask, or a split; undefined: records keep theirs. */
  createTimestampAssigner(context: WatermarkContext): TimestampFunction<T> | undefined {
    return this.#parts.assigner?.(context) as TimestampFunction<T> | undefined;
  }

  static #of<T>(kind: string, generator: (context: WatermarkContext) => WatermarkGenerator<never>): WatermarkStrategy<T> {
    return new WatermarkStrategy<T>({ kind, generator, assigner: undefined, idlenessMs: undefined, alignment: undefined });
  }
}

/** The clock's time, but never less than before. */
function risingTime(now: () => number): () => number {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const time = now();
    if (time > last) last = time;
    return last;
  };
}
