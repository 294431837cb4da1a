import { type KeySpec, ValueStateDescriptor, type ValueState } from '#api';
import type { TypeInfo } from '#core';
import type { UpdatingOperator } from '../chain/stage.js';
import type { KeyedStateBackend } from '../state/keyed-state-backend.js';

/** What a rolling operation keeps of the records of a key. */
export interface RollingStep {
  first(record: unknown): unknown;
  next(kept: unknown, record: unknown): unknown;
  result(kept: unknown): unknown;
}

/**
 * A rolling operation over state that need not fit into memory: what is kept of a key is a value of the backend.
 *
 * In:    keyed records.
 * Out:   the result so far, for each record.
 * State: one value for each key.
 */
export class StoredRolling implements UpdatingOperator {
  readonly #kept: ValueState<unknown>;

  constructor(
    private readonly keyed: KeyedStateBackend,
    private readonly key: KeySpec,
    private readonly step: RollingStep,
    state: { readonly name: string; readonly type: TypeInfo | undefined },
  ) {
    this.#kept = keyed.valueState(new ValueStateDescriptor(state.name, state.type));
  }

  update(record: unknown): unknown {
    this.keyed.setCurrentKey(this.key.select(record));
    const before = this.#kept.value();
    const after = before === undefined ? this.step.first(record) : this.step.next(before, record);
    this.#kept.update(after);
    return this.step.result(after);
  }
}
