import { FlinkError, NO_TIMESTAMP, Types } from '#core';
import type { Collector, IntervalJoinSpec, KeySpec, OutputTag, ProcessJoinContext } from '#api';
import type { StageOutput, TwoInputOperator } from '../chain/stage.js';
import type { StageTime } from '../chain/stage-time.js';
import type { OperatorHost } from '../operators/operator-host.js';
import { JoinBuffer } from './join-buffer.js';
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
  readonly #left: JoinBuffer;
  readonly #right: JoinBuffer;
  readonly #emission = new JoinEmission();
  readonly #host: OperatorHost;
  readonly #pairWithLeft: (right: unknown, rightTimestamp: number) => void;
  readonly #pairWithRight: (left: unknown, leftTimestamp: number) => void;
  #one: unknown;
  #oneTimestamp = NO_TIMESTAMP;

  constructor({ host, key, secondKey, spec }: IntervalJoinParts) {
    this.#spec = spec;
    this.#host = host;
    this.#keys = [key.select, secondKey.select];
    this.#time = new OperatorTime(host);
    this.lateLeft = new LateRecords(spec.leftLateTag);
    this.lateRight = new LateRecords(spec.rightLateTag);
    // so that what a record can meet is in two stretches
    const stretchMs = Math.max(1, Math.ceil(spec.upperMs - spec.lowerMs));
    const buffer = (name: string, keepMs: number): JoinBuffer =>
      new JoinBuffer(host.keyed.namespaced({ name, kind: 'interval-join', type: Types.generic }), stretchMs, keepMs);
    // a left record can meet right ones up to `upper` later, a right one left ones up to `-lower` later
    this.#left = buffer('left-buffer', Math.max(spec.upperMs, 0));
    this.#right = buffer('right-buffer', Math.max(-spec.lowerMs, 0));
    this.#pairWithLeft = (right, rightTimestamp) => {
      this.#pair(this.#one, right, this.#oneTimestamp, rightTimestamp);
    };
    this.#pairWithRight = (left, leftTimestamp) => {
      this.#pair(left, this.#one, leftTimestamp, this.#oneTimestamp);
    };
    this.time = {
      passesWatermarks: true,
      nextProcessingTimeMs: Infinity,
      advance: (watermark) => {
        this.#time.advance(watermark);
        this.#left.dropUntil(watermark);
        this.#right.dropUntil(watermark);
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
    const key = this.#begin(value, timestamp, this.#keys[0](value), output);
    this.#left.add(key, value, timestamp);
    const { lowerMs, upperMs } = this.#spec;
    this.#right.forEach(key, timestamp + lowerMs, timestamp + upperMs, this.#pairWithLeft);
  }

  process2(value: unknown, timestamp: number, output: StageOutput): void {
    if (this.#tooLate(timestamp)) {
      this.lateRight.take(value, timestamp, output);
      return;
    }
    const key = this.#begin(value, timestamp, this.#keys[1](value), output);
    this.#right.add(key, value, timestamp);
    const { lowerMs, upperMs } = this.#spec;
    this.#left.forEach(key, timestamp - upperMs, timestamp - lowerMs, this.#pairWithRight);
  }

  #tooLate(timestamp: number): boolean {
    if (timestamp === NO_TIMESTAMP) throw new JoinWithoutTimestampError();
    return timestamp < this.#time.watermark;
  }

  #begin(value: unknown, timestamp: number, key: unknown, output: StageOutput): unknown {
    this.#one = value;
    this.#oneTimestamp = timestamp;
    this.#emission.stageOutput = output;
    const { keyed } = this.#host;
    if (this.#spec.join.open !== undefined) keyed.setCurrentKey(key);
    return key;
  }

  #pair(left: unknown, right: unknown, leftTimestamp: number, rightTimestamp: number): void {
    const emission = this.#emission;
    emission.leftTimestamp = leftTimestamp;
    emission.rightTimestamp = rightTimestamp;
    emission.timestamp = leftTimestamp > rightTimestamp ? leftTimestamp : rightTimestamp;
    this.#spec.join.processElement(left, right, emission, emission);
  }
}
