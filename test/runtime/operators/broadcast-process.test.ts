import { expect } from 'chai';
import { keyGroupRange, MIN_WATERMARK, systemClock } from '#core';
import {
  InvalidProgramError,
  MapStateDescriptor,
  ValueStateDescriptor,
  type BroadcastProcessFunction,
  type Collector,
  type KeyedBroadcastContext,
  type KeyedBroadcastOnTimerContext,
  type KeyedBroadcastProcessFunction,
  type KeyedReadOnlyBroadcastContext,
  type KeySpec,
} from '#api';
import { BroadcastProcessOperator, KeyedBroadcastProcessOperator } from '../../../runtime/operators/broadcast-process.js';
import type { OperatorHost } from '../../../runtime/operators/operator-host.js';
import { createKeyedBackend } from '../../../runtime/state/create-keyed-backend.js';
import type { KeyedStateBackend } from '../../../runtime/state/keyed-state-backend.js';
import { ListStates } from '../../support/list-states.js';
import { testHost } from '../../support/operator-host.js';

const RULES = new MapStateDescriptor<string, number>('rules');
const COUNT = new ValueStateDescriptor<number>('count');

function recorded(): { readonly emitted: unknown[]; emit(value: unknown): void; emitTo(tag: string, value: unknown): void } {
  const emitted: unknown[] = [];
  return { emitted, emit: (value) => emitted.push(value), emitTo: (tag, value) => emitted.push([tag, value]) };
}

function hostOn(states: ListStates, keyed?: KeyedStateBackend): OperatorHost {
  return testHost('broadcast', { blocked: false }, keyed, { operatorState: states });
}

describe('BroadcastProcessOperator', () => {
  const above: BroadcastProcessFunction<number, readonly [string, number], string> = {
    processElement: (value, context, out) => {
      for (const [name, limit] of context.getBroadcastState(RULES).entries()) if (value > limit) out.collect(`${value} > ${name}`);
    },
    processBroadcastElement: ([name, limit], context) => {
      context.getBroadcastState(RULES).put(name, limit);
    },
  };

  it('reads on the one side what the other side wrote, also after a restore', () => {
    const states = new ListStates();
    const operator = new BroadcastProcessOperator(hostOn(states), above, ['rules']);
    const output = recorded();
    operator.process1(5, 0, output);
    operator.process2(['low', 3], 0, output);
    operator.process1(5, 0, output);
    expect(output.emitted).to.deep.equal(['5 > low']);
    void operator.checkpoints.snapshot(1, 0);
    const restored = new BroadcastProcessOperator(hostOn(new ListStates(states.values())), above, ['rules']);
    const again = recorded();
    restored.process1(4, 0, again);
    expect(again.emitted).to.deep.equal(['4 > low']);
    expect(states.values().rules?.mode).to.equal('broadcast');
  });

  it('refuses states that were not named', () => {
    const operator = new BroadcastProcessOperator(hostOn(new ListStates()), above, ['others']);
    expect(() => {
      operator.process1(5, 0, recorded());
    }).to.throw(InvalidProgramError, /The requested state does not exist.*"rules"/);
  });
});

describe('KeyedBroadcastProcessOperator', () => {
  /** Counts records a key; a broadcast record has every key's count emitted and set to zero. */
  class Counting implements KeyedBroadcastProcessFunction<string, string, string, unknown> {
    constructor(private readonly keyed: KeyedStateBackend) {}

    processElement(_value: string, context: KeyedReadOnlyBroadcastContext<string>): void {
      const count = this.keyed.valueState(COUNT);
      count.update((count.value() ?? 0) + 1);
      context.timerService.registerEventTimeTimer(100);
    }

    processBroadcastElement(value: string, context: KeyedBroadcastContext, out: Collector<unknown>): void {
      context.applyToKeyedState(COUNT, (key, state) => {
        out.collect([value, key, state.value()]);
        state.clear();
      });
      context.getBroadcastState(RULES).put(value, 1);
    }

    onTimer(time: number, context: KeyedBroadcastOnTimerContext<string>, out: Collector<unknown>): void {
      out.collect(['timer', context.currentKey, time, context.getBroadcastState(RULES).has('sum')]);
    }
  }

  it('has state and timers of keys, and applies what is broadcast to all keys', async () => {
    const keyed = await createKeyedBackend({
      operatorId: '0'.repeat(32),
      operatorName: 'broadcast',
      subtaskIndex: 0,
      keyGroups: keyGroupRange(0, 128, 1),
      maxParallelism: 128,
      clock: systemClock,
      configuration: {},
      restored: [],
      reader: { read: () => Promise.reject(new TypeError('nothing is restored')) },
    });
    const key: KeySpec = { select: (value) => value };
    const operator = new KeyedBroadcastProcessOperator(hostOn(new ListStates(), keyed), key, new Counting(keyed), ['rules']);
    const output = recorded();
    for (const word of ['to', 'be', 'or', 'to']) operator.process1(word, MIN_WATERMARK, output);
    operator.process2('sum', 0, output);
    operator.process2('none', 0, output);
    expect(output.emitted).to.have.deep.members([
      ['sum', 'to', 2],
      ['sum', 'be', 1],
      ['sum', 'or', 1],
    ]);
    output.emitted.length = 0;
    expect(operator.time.advance(100, output)?.()).to.equal(true);
    expect(output.emitted).to.have.deep.members([
      ['timer', 'to', 100, true],
      ['timer', 'be', 100, true],
      ['timer', 'or', 100, true],
    ]);
    await keyed.close();
  });
});
