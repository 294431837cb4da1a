import { FlinkError, NO_TIMESTAMP } from '#core';
import type { Collector, IntervalJoinSpec, KeySpec, OutputTag, ProcessJoinContext } from '#api';
import type { StageOutput, TwoInputOperator } from '../chain/stage.js';
import type { StageTime } from '../chain/stage-time.js';
import type { OperatorHost } from '../operators/operator-host.js';
import type { KeyedStateBackend, TimedLists } from '../state/keyed-state-backend.js';
import { LateRecords } from './late-records.js';
import { OperatorTime } from './operator-time.js';

/** A record that has no timestamp came to an interval join. */
export class JoinWithoutTimestampError extends FlinkError {
  constructor() {
    super({
      code: 'JOIN_WITHOUT_TIMESTAMP',
      message: 'Long.MIN_VALUE timestamp: Elements used in interval stream joins need to have timestamps meaningful timestamps.',
      action: 'Give the records of both streams their event time with "assignTimestampsAndWatermarks".',
      blame: 'user',
    });
  }
}

const LEFT = 0;
const RIGHT = 1;

/** What the join function may call, filled in anew for each pair. */
class JoinEmission implements Collector<unknown>, ProcessJoinContext {
  leftTimestamp = NO_TIMESTAMP;
  rightTimestamp = NO_TIMESTAMP;
  timestamp = NO_TIMESTAMP;
  stageOutput: StageOutput | undefined;

  collect(value: unknown): void {
    this.stageOutput?.emit(value, this.timestamp);
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.stageOutput?.emitTo(tag.id, value, this.timestamp);
  }
}

export interface IntervalJoinParts {
  readonly host: OperatorHost;
  readonly key: KeySpec;
  readonly secondKey: KeySpec;
  readonly spec: IntervalJoinSpec;
}

/**
 * Pairs records of two streams with the same key whose timestamps are within bounds of each other.
 *
 * In:    keyed records of both sides.
 * Out:   what the join function makes of each pair, with the later timestamp of the two.
 * State: the records of both sides that may still find a partner, in stretches of time that are dropped when the watermark has passed them.
 */
export class IntervalJoinOperator implements TwoInputOperator {
  readonly time: StageTime;
  readonly lateLeft: LateRecords;
  readonly lateRight: LateRecords;
  readonly #spec: IntervalJoinSpec;
  readonly #keys: readonly [KeySpec['select'], KeySpec['select']];
  readonly #time: OperatorTime;
  readonly #keyed: KeyedStateBackend;
  readonly #records: TimedLists;
  readonly #emission = new JoinEmission();
  /** One for both sides, so that the engine sees one function called. */
  readonly #pairWith: (other: unknown, otherTimestamp: number) => void;
  #one: unknown;
  #oneTimestamp = NO_TIMESTAMP;
  #oneIsLeft = true;

  constructor({ host, key, secondKey, spec }: IntervalJoinParts) {
    this.#spec = spec;
    this.#keyed = host.keyed;
    this.#keys = [key.select, secondKey.select];
    this.#time = new OperatorTime(host);
    this.lateLeft = new LateRecords(spec.leftLateTag);
    this.lateRight = new LateRecords(spec.rightLateTag);
    // so that what a record can meet is in two stretches
    const stretchMs = Math.max(1, Math.ceil(spec.upperMs - spec.lowerMs));
    this.#records = host.keyed.timedLists({ names: ['left-buffer', 'right-buffer'], kind: 'interval-join', stretchMs });
    this.#pairWith = (other, otherTimestamp) => {
      if (this.#oneIsLeft) this.#pair(this.#one, other, this.#oneTimestamp, otherTimestamp);
      else this.#pair(other, this.#one, otherTimestamp, this.#oneTimestamp);
    };
    this.time = {
      passesWatermarks: true,
      nextProcessingTimeMs: Infinity,
      advance: (watermark) => {
        this.#time.advance(watermark);
        // a left record can meet right ones up to `upper` later, a right one left ones up to `-lower` later
        this.#records.dropBefore(LEFT, watermark - Math.max(spec.upperMs, 0));
        this.#records.dropBefore(RIGHT, watermark - Math.max(-spec.lowerMs, 0));
        return undefined;
      },
      onProcessingTime: () => undefined,
    };
  }

  process1(value: unknown, timestamp: number, output: StageOutput): void {
    if (this.#tooLate(timestamp)) {
      this.lateLeft.take(value, timestamp, output);
      return;
    }
    this.#keyed.setCurrentKey(this.#keys[0](value));
    this.#records.append(LEFT, timestamp, value);
    this.#begin(value, timestamp, true, output);
    const { lowerMs, upperMs } = this.#spec;
    this.#records.forEach(RIGHT, timestamp + lowerMs, timestamp + upperMs, this.#pairWith);
  }

  process2(value: unknown, timestamp: number, output: StageOutput): void {
    if (this.#tooLate(timestamp)) {
      this.lateRight.take(value, timestamp, output);
      return;
    }
    this.#keyed.setCurrentKey(this.#keys[1](value));
    this.#records.append(RIGHT, timestamp, value);
    this.#begin(value, timestamp, false, output);
    const { lowerMs, upperMs } = this.#spec;
    this.#records.forEach(LEFT, timestamp - upperMs, timestamp - lowerMs, this.#pairWith);
  }

  #tooLate(timestamp: number): boolean {
    if (timestamp === NO_TIMESTAMP) throw new JoinWithoutTimestampError();
    return timestamp < this.#time.watermark;
  }

  #begin(value: unknown, timestamp: number, isLeft: boolean, output: StageOutput): void {
    this.#one = value;
    this.#oneTimestamp = timestamp;
    this.#oneIsLeft = isLeft;
    this.#emission.stageOutput = output;
  }

  #pair(left: unknown, right: unknown, leftTimestamp: number, rightTimestamp: number): void {
    const emission = this.#emission;
    emission.leftTimestamp = leftTimestamp;
    emission.rightTimestamp = rightTimestamp;
    emission.timestamp = leftTimestamp > rightTimestamp ? leftTimestamp : rightTimestamp;
    this.#spec.join.processElement(left, right, emission, emission);
  }
}
