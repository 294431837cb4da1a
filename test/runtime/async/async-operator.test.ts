import { expect } from 'chai';
import fc from 'fast-check';
import { AsyncRetryStrategies, RetryPredicates, type AsyncFunction, type AsyncWait, type ResultFuture } from '#api';
import { AsyncOperator } from '../../../runtime/async/async-operator.js';
import { AsyncTimeoutError } from '../../../runtime/async/errors.js';
import type { OperatorHost } from '../../../runtime/operators/operator-host.js';
import { type ListValues, ListStates } from '../../support/list-states.js';
import { ManualClock } from '../../support/manual-clock.js';
import { testHost } from '../../support/operator-host.js';

type Event = readonly ['result', unknown, number] | readonly ['watermark', number];

/** An asynchronous operator alone, with requests that the test answers. */
class Rig {
  readonly clock = new ManualClock();
  readonly gate = { blocked: false };
  readonly events: Event[] = [];
  readonly failures: unknown[] = [];
  /** Requests that are not answered yet, in the order they were made. */
  readonly asked: { readonly value: unknown; readonly future: ResultFuture<unknown> }[] = [];
  readonly states: ListStates;
  readonly operator: AsyncOperator;
  wakes = 0;
  readonly #output = {
    emit: (value: unknown, timestamp: number) => {
      this.events.push(['result', value, timestamp]);
    },
    emitTo: () => undefined,
  };

  constructor(wait: Partial<AsyncWait> = {}, restored: ListValues = {}) {
    this.states = new ListStates(restored);
    const fn: AsyncFunction<unknown, unknown> = {
      asyncInvoke: (value, future) => {
        this.asked.push({ value, future });
      },
    };
    this.operator = new AsyncOperator(this.#host(), { fn, ordered: true, timeoutMs: 1000, capacity: 100, retry: undefined, ...wait });
    this.operator.start();
  }

  push(value: unknown, timestamp = 0): void {
    this.operator.process(value, timestamp, this.#output);
  }

  watermark(time: number): void {
    this.operator.time.advance(time, this.#output);
  }

  answer(index: number, results: readonly unknown[]): void {
    this.asked.splice(index, 1)[0]?.future.complete(results);
    this.emit();
  }

  /** As the subtask does: with the gate open, though the operator may be full. */
  emit(): void {
    while (this.operator.ready) {
      this.gate.blocked = false;
      this.operator.emit(this.#output);
    }
    this.gate.blocked = this.operator.full;
  }

  end(): boolean {
    return this.operator.endOfInput(this.#output)();
  }

  #host(): OperatorHost {
    return testHost('async', this.gate, undefined, {
      clock: this.clock,
      operatorState: this.states,
      watermarks: {
        emitWatermark: (time) => {
          this.events.push(['watermark', time]);
          this.gate.blocked = true;
        },
        setIdle: () => undefined,
      },
      wake: () => {
        this.wakes++;
      },
      fail: (error) => {
        this.failures.push(error);
      },
    });
  }
}

type Step = { readonly kind: 'push' } | { readonly kind: 'watermark' } | { readonly kind: 'answer'; readonly which: number };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.constant({ kind: 'push' as const }),
    fc.constant({ kind: 'watermark' as const }),
    fc.record({ kind: fc.constant('answer' as const), which: fc.nat() }),
  ),
  { maxLength: 60 },
);

/** Numbers are asked for and answered twice; watermarks are 1000 and more, in turn with them. */
function run(ordered: boolean, schedule: readonly Step[]): { readonly rig: Rig; readonly input: readonly number[] } {
  const rig = new Rig({ ordered });
  const input: number[] = [];
  const answer = (which: number): void => {
    const index = which % Math.max(1, rig.asked.length);
    const value = rig.asked[index]?.value;
    if (value !== undefined) rig.answer(index, [value, 'again']);
  };
  for (const step of schedule) {
    if (step.kind === 'push') rig.push(input.push(input.length) - 1, input.length);
    if (step.kind === 'watermark') {
      input.push(1000 + input.length);
      rig.watermark(999 + input.length);
    }
    if (step.kind === 'answer') answer(step.which);
  }
  while (rig.asked.length > 0) answer(7);
  rig.emit();
  return { rig, input };
}

/** What came out, results by their first ones. */
function outputOf(rig: Rig): number[] {
  return rig.events.flatMap(([kind, value]) => (kind === 'watermark' || typeof value === 'number' ? [value as number] : []));
}

describe('AsyncOperator', () => {
  it('keeps the order of records and watermarks when it is asked to', () => {
    fc.assert(
      fc.property(steps, (schedule) => {
        const { rig, input } = run(true, schedule);
        expect(outputOf(rig)).to.deep.equal(input);
        expect(rig.end()).to.equal(true);
      }),
    );
  });

  it('keeps order only across watermarks otherwise, and emits what can go', () => {
    fc.assert(
      fc.property(steps, (schedule) => {
        const { rig, input } = run(false, schedule);
        const output = outputOf(rig);
        const segments = (values: readonly number[]): number[][] => {
          const found: number[][] = [[]];
          for (const value of values) {
            if (value >= 1000) found.push([value], []);
            else found.at(-1)?.push(value);
          }
          return found.map((segment) => segment.toSorted((a, b) => a - b));
        };
        expect(segments(output)).to.deep.equal(segments(input));
      }),
    );
  });

  it('emits in the order of answers where no watermark is between', () => {
    const rig = new Rig({ ordered: false });
    for (const value of [0, 1, 2]) rig.push(value, value);
    rig.answer(2, ['c']);
    rig.answer(0, ['a1', 'a2']);
    expect(rig.events).to.deep.equal([
      ['result', 'c', 2],
      ['result', 'a1', 0],
      ['result', 'a2', 0],
    ]);
    expect(rig.wakes).to.equal(2);
  });

  it('is full at its capacity, blocks the gate, and takes the few that come nevertheless', () => {
    const rig = new Rig({ capacity: 2 });
    rig.push('a');
    expect(rig.gate.blocked).to.equal(false);
    rig.push('b');
    expect(rig.gate.blocked).to.equal(true);
    rig.push('c');
    rig.answer(0, []);
    expect(rig.operator.full).to.equal(true);
    rig.answer(0, []);
    expect(rig.gate.blocked).to.equal(false);
  });

  it('keeps the records under way in its state, and asks again when restored', () => {
    const rig = new Rig();
    for (const value of ['a', 'b', 'c']) rig.push(value, 5);
    rig.answer(1, ['not emitted yet']);
    rig.answer(0, ['A']);
    void rig.operator.checkpoints.snapshot(1, 0);
    expect(rig.events).to.deep.equal([
      ['result', 'A', 5],
      ['result', 'not emitted yet', 5],
    ]);
    const restored = new Rig({}, rig.states.values());
    expect(restored.asked.map(({ value }) => value)).to.deep.equal(['c']);
    restored.answer(0, ['C']);
    expect(restored.events).to.deep.equal([['result', 'C', 5]]);
  });

  it('fails when results do not come in time, unless the function can do something then', () => {
    const rig = new Rig();
    rig.push('a');
    rig.clock.advance(999);
    rig.push('b');
    expect(rig.failures).to.deep.equal([]);
    rig.clock.advance(1);
    expect(rig.failures).to.have.lengthOf(1);
    expect(rig.failures[0]).to.be.instanceOf(AsyncTimeoutError).with.property('message', 'Async function call has timed out.');
    const given: ResultFuture<unknown>[] = [];
    const patient = new Rig({
      fn: {
        asyncInvoke: (_value, future) => {
          given.push(future);
        },
        timeout: (value, future) => {
          future.complete([`${String(value)} is late`]);
        },
      },
    });
    patient.push('a');
    patient.clock.advance(1000);
    given[0]?.complete(['ignored']);
    patient.emit();
    expect(patient.events).to.deep.equal([['result', 'a is late', 0]]);
    expect(patient.clock.pendingTimers).to.equal(0);
  });

  it('fails the job with the error of a request, however it comes', async () => {
    const error = new Error('no such city');
    const failing: readonly AsyncFunction<unknown, unknown>[] = [
      { asyncInvoke: () => Promise.reject(error) },
      {
        asyncInvoke: () => {
          throw error;
        },
      },
      {
        asyncInvoke: (_value, future) => {
          future.completeExceptionally(error);
        },
      },
    ];
    for (const fn of failing) {
      const rig = new Rig({ fn });
      rig.push('a');
      await Promise.resolve();
      await Promise.resolve();
      expect(rig.failures).to.deep.equal([error]);
    }
  });

  it('takes promised results, and ignores what comes after it is closed', async () => {
    const rig = new Rig({ fn: { asyncInvoke: (value) => Promise.resolve([value]) } });
    rig.push('a');
    await new Promise(setImmediate);
    rig.emit();
    expect(rig.events).to.deep.equal([['result', 'a', 0]]);
    rig.push('b');
    rig.operator.close();
    await new Promise(setImmediate);
    expect(rig.operator.ready).to.equal(false);
    expect(rig.clock.pendingTimers).to.equal(0);
  });

  it('asks again after a fixed delay, as often as it may', () => {
    const retry = new AsyncRetryStrategies.FixedDelayRetryStrategyBuilder<unknown>(2, 100)
      .ifResult(RetryPredicates.EMPTY_RESULT_PREDICATE)
      .ifException(RetryPredicates.HAS_EXCEPTION_PREDICATE)
      .build();
    const rig = new Rig({ retry });
    rig.push('a');
    rig.answer(0, []);
    expect(rig.asked).to.have.lengthOf(0);
    rig.clock.advance(100);
    rig.asked.splice(0, 1)[0]?.future.completeExceptionally(new Error('not yet'));
    expect(rig.failures).to.deep.equal([]);
    rig.clock.advance(100);
    rig.answer(0, []);
    expect(rig.events, 'the third attempt is the last: its result counts').to.deep.equal([]);
    expect(rig.operator.endOfInput({ emit: () => undefined, emitTo: () => undefined })()).to.equal(true);
  });

  it('waits longer from attempt to attempt, and no longer than the timeout', () => {
    const retry = new AsyncRetryStrategies.ExponentialBackoffDelayRetryStrategyBuilder<unknown>(10, 100, 300, 2)
      .ifException((error) => (error as Error).message === 'again')
      .build();
    expect([1, 2, 3, 4].map((attempts) => retry.backoffTimeMs(attempts))).to.deep.equal([100, 200, 300, 300]);
    const rig = new Rig({ retry });
    rig.push('a');
    const refuse = (message: string): void => rig.asked.splice(0, 1)[0]?.future.completeExceptionally(new Error(message));
    for (const delayMs of [100, 200, 300]) {
      refuse('again');
      rig.clock.advance(delayMs);
    }
    refuse('again');
    rig.clock.advance(400);
    expect(rig.failures).to.have.lengthOf(1);
    expect(rig.failures[0]).to.be.instanceOf(AsyncTimeoutError);
    const other = new Rig({ retry });
    other.push('a');
    other.asked[0]?.future.completeExceptionally(new Error('never'));
    expect(other.failures).to.have.lengthOf(1);
  });
});
