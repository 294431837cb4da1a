import type { TypedInfo } from '#core';
import type { OutputTag } from '../functions/functions.js';
import {
  setOperationBufferTimeout,
  setOperationMaxParallelism,
  setOperationParallelism,
  setOperationUidHash,
} from '../graph/operation-settings.js';
import type { Operation } from '../graph/operation.js';
import { DataStream } from './data-stream.js';
import type { StreamProgram } from './stream-program.js';

/** The stream that an operator emits, and the settings of that operator. Settings can be chained. */
export class SingleOutputStreamOperator<T> extends DataStream<T> {
  readonly #operation: Operation;

  constructor(program: StreamProgram, operation: Operation) {
    super(program, [{ from: operation, partitioning: undefined, outputTag: undefined }]);
    this.#operation = operation;
  }

  /** The name that people see, in plans, logs and the dashboard. */
  name(name: string): this {
    this.#operation.name = this.#operation.spec.kind === 'source' ? `Source: ${name}` : name;
    return this;
  }

  /** An id that stays the same when the program changes, so that the operator's state is found again. */
  uid(uid: string): this {
    this.#operation.uid = uid;
    return this;
  }

  /** The id of an operator as it stands in a savepoint: 32 hexadecimal digits. */
  setUidHash(uidHash: string): this {
    setOperationUidHash(this.#operation, uidHash);
    return this;
  }

  setParallelism(parallelism: number): this {
    setOperationParallelism(this.#operation, parallelism);
    return this;
  }

  /** The number of key groups, and so the largest parallelism the operator can ever be given with its state. */
  setMaxParallelism(maxParallelism: number): this {
    setOperationMaxParallelism(this.#operation, maxParallelism);
    return this;
  }

  /** The operator runs with parallelism 1, whatever the environment says. */
  forceNonParallel(): this {
    this.#operation.nonParallel = true;
    this.#operation.parallelism = 1;
    return this;
  }

  /** How long a record may wait in a buffer, in ms; 0 sends each at once, -1 only full buffers. */
  setBufferTimeout(timeoutMs: number): this {
    setOperationBufferTimeout(this.#operation, timeoutMs);
    return this;
  }

  /** The operator is never chained to its input. */
  startNewChain(): this {
    this.#operation.chaining = 'head';
    return this;
  }

  /** The operator is chained neither to its input nor to what reads it. */
  disableChaining(): this {
    this.#operation.chaining = 'never';
    return this;
  }

  /** Only subtasks of the same group may share a slot; by default the group of the inputs, or "default". */
  slotSharingGroup(group: string): this {
    this.#operation.slotSharingGroup = group;
    return this;
  }

  /** Declares what the records are made of; without it, that is learnt from the first of them. */
  returns(type: TypedInfo<T>): this {
    this.#operation.outputType = type;
    return this;
  }

  /** The records the operator emits to a side output. */
  getSideOutput<X>(tag: OutputTag<X>): DataStream<X> {
    return this.program.stream([{ from: this.#operation, partitioning: undefined, outputTag: tag.id }]);
  }
}
