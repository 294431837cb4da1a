import { MIN_WATERMARK } from '#core';
import type { OperatorListState, OperatorStateStore } from '../state/operator-state-store.js';

/**
 * How far event time has come at an operator. It is part of the operator's state: which windows have fired follows from it. At a barrier
 * all subtasks of an operator have the same watermark, since each is sent to all; so any of those restored will do.
 */
export class OperatorWatermark {
  readonly #kept: OperatorListState<number>;
  #current: number;

  constructor(store: OperatorStateStore) {
    this.#kept = store.list<number>('watermark', 'union');
    const restored = this.#kept.get();
    this.#current = restored.length === 0 ? MIN_WATERMARK : Math.min(...restored);
  }

  get current(): number {
    return this.#current;
  }

  advance(watermark: number): void {
    this.#current = watermark;
    this.#kept.update([watermark]);
  }
}
