import { setOperationMaxParallelism, setOperationParallelism, setOperationUidHash } from '../graph/operation-settings.js';
import type { Operation } from '../graph/operation.js';

/** The end of a stream, where its records leave the program. Settings can be chained. */
export class DataStreamSink<T> {
  declare protected readonly recordType: T;
  readonly #operation: Operation;

  constructor(operation: Operation) {
    this.#operation = operation;
  }

  /** The name that people see, in plans, logs and the dashboard. */
  name(name: string): this {
    this.#operation.name = `Sink: ${name}`;
    return this;
  }

  /** An id that stays the same when the program changes, so that its state is found again. */
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

  setMaxParallelism(maxParallelism: number): this {
    setOperationMaxParallelism(this.#operation, maxParallelism);
    return this;
  }

  /** The sink is never chained to its input. */
  disableChaining(): this {
    this.#operation.chaining = 'never';
    return this;
  }

  /** Only subtasks of the same group may share a slot. */
  slotSharingGroup(group: string): this {
    this.#operation.slotSharingGroup = group;
    return this;
  }
}
