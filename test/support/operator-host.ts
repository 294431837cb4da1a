import { invariant, systemClock } from '#core';
import type { ChainGate } from '../../runtime/chain/chain-plan.js';
import type { KeyedStateBackend } from '../../runtime/state/keyed-state-backend.js';
import { OperatorLists } from '../../runtime/state/operator-lists.js';
import type { OperatorHost } from '../../runtime/operators/operator-host.js';
import { testContext } from './runtime-context.js';

/** The host of an operator that runs alone, without a job around it. */
export function testHost(name: string, gate: ChainGate, keyed?: KeyedStateBackend, changes: Partial<OperatorHost> = {}): OperatorHost {
  const host: OperatorHost = {
    context: testContext(name),
    clock: systemClock,
    gate,
    get keyed() {
      invariant(keyed !== undefined, 'the operator was given keyed state');
      return keyed;
    },
    operatorState: new OperatorLists(),
    watermarks: { emitWatermark: () => undefined, setIdle: () => undefined },
    autoWatermarkIntervalMs: 0,
    restoredCheckpointId: undefined,
    wake: () => undefined,
    fail: (error) => {
      throw error;
    },
  };
  return Object.assign(host, changes);
}
