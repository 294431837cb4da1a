import { systemClock } from '#core';
import type { OperatorHost } from '../../runtime/operators/operator-host.js';
import type { NamespacedState } from '../../runtime/state/keyed-state-backend.js';
import { emptyPlainState, PlainKeyedBackend, plainOperatorState } from './plain-keyed-backend.js';
import { testContext } from './runtime-context.js';
import { UnsavedTables } from './unsaved-tables.js';

/** Keyed state whose tables are quick, and cannot be saved. */
class UnsavedBackend extends PlainKeyedBackend {
  override namespaced<V>(): NamespacedState<V> {
    return new UnsavedTables<V>();
  }
}

/** What an operator gets that runs alone in a bench. */
export function benchHost(): OperatorHost {
  const state = emptyPlainState();
  return {
    context: testContext('bench'),
    clock: systemClock,
    gate: { blocked: false },
    keyed: new UnsavedBackend(state),
    operatorState: plainOperatorState(state),
    watermarks: { emitWatermark: () => undefined, setIdle: () => undefined },
    autoWatermarkIntervalMs: 0,
  };
}
