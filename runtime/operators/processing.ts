import {
  type CoFlatMapFunction,
  type CoMapFunction,
  type CoProcessFunction,
  type Collector,
  type OutputTag,
  type ProcessContext,
  type ProcessFunction,
} from '#api';
import type { ProcessingOperator, StageOutput, TwoInputOperator } from '../chain/stage.js';

/** The collector and context of an operator, filled in anew for each record. */
class Emission implements Collector<unknown>, ProcessContext {
  timestamp = 0;
  stageOutput: StageOutput | undefined;

  begin(timestamp: number, output: StageOutput): this {
    this.timestamp = timestamp;
    this.stageOutput = output;
    return this;
  }

  collect(value: unknown): void {
    this.stageOutput?.emit(value, this.timestamp);
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.stageOutput?.emitTo(tag.id, value, this.timestamp);
  }
}

export class ProcessOperator implements ProcessingOperator {
  readonly #emission = new Emission();

  constructor(private readonly fn: ProcessFunction<unknown, unknown>) {}

  process(value: unknown, timestamp: number, output: StageOutput): void {
    const emission = this.#emission.begin(timestamp, output);
    this.fn.processElement(value, emission, emission);
  }
}

export class CoProcessOperator implements TwoInputOperator {
  readonly #emission = new Emission();

  constructor(private readonly fn: CoProcessFunction<unknown, unknown, unknown>) {}

  process1(value: unknown, timestamp: number, output: StageOutput): void {
    const emission = this.#emission.begin(timestamp, output);
    this.fn.processElement1(value, emission, emission);
  }

  process2(value: unknown, timestamp: number, output: StageOutput): void {
    const emission = this.#emission.begin(timestamp, output);
    this.fn.processElement2(value, emission, emission);
  }
}

export class CoMapOperator implements TwoInputOperator {
  constructor(private readonly fn: CoMapFunction<unknown, unknown, unknown>) {}

  process1(value: unknown, timestamp: number, output: StageOutput): void {
    output.emit(this.fn.map1(value), timestamp);
  }

  process2(value: unknown, timestamp: number, output: StageOutput): void {
    output.emit(this.fn.map2(value), timestamp);
  }
}

export class CoFlatMapOperator implements TwoInputOperator {
  readonly #emission = new Emission();

  constructor(private readonly fn: CoFlatMapFunction<unknown, unknown, unknown>) {}

  process1(value: unknown, timestamp: number, output: StageOutput): void {
    this.fn.flatMap1(value, this.#emission.begin(timestamp, output));
  }

  process2(value: unknown, timestamp: number, output: StageOutput): void {
    this.fn.flatMap2(value, this.#emission.begin(timestamp, output));
  }
}
