import { systemClock } from '#core';
import type { ChainGate } from '../../runtime/chain/chain-plan.js';
import { HeapKeyedBackend } from '../../runtime/state/heap/heap-keyed-backend.js';
import type { KeyedStateBackend } from '../../runtime/state/keyed-state-backend.js';
import { OperatorLists } from '../../runtime/state/operator-lists.js';
import type { OperatorHost } from '../../runtime/operators/operator-host.js';
import { testContext } from './runtime-context.js';

/** The host of an operator that runs alone, without a job around it. */
export function testHost(name: string, gate: ChainGate, keyed?: KeyedStateBackend, changes: Partial<OperatorHost> = {}): OperatorHost {
  let made = keyed;
  const host: OperatorHost = {
    context: testContext(name),
    clock: systemClock,
    gate,
    get keyed() {
      return (made ??= memoryBackend(name));
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

/** Empty keyed state of all key groups. */
function memoryBackend(operatorName: string): KeyedStateBackend {
  return new HeapKeyedBackend({
    operatorId: '0'.repeat(32),
    operatorName,
    subtaskIndex: 0,
    keyGroups: { first: 0, last: 127 },
    maxParallelism: 128,
    clock: systemClock,
    configuration: {},
  });
}
