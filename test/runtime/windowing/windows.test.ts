import { expect } from 'chai';
import fc from 'fast-check';
import { SeededRandom } from '#core';
import { EventTimeSessionWindows, StreamExecutionEnvironment, type StreamNode } from '#api';
import type { KeyedStateHandle } from '../../../runtime/checkpoint/handles.js';
import type { OperatorHost } from '../../../runtime/operators/operator-host.js';
import type { KeyedStateBackend } from '../../../runtime/state/keyed-state-backend.js';
import { windowOperator, type WindowOperator } from '../../../runtime/windowing/windowing-body.js';
import { emptyPlainState, PlainKeyedBackend, plainOperatorState, type PlainState } from '../../support/plain-keyed-backend.js';
import { TimedOperatorDriver, type TimedOutput } from '../../support/timed-operator.js';
import { ManualClock } from '../../support/manual-clock.js';
import { WindowTwin } from '../../support/window-twin.js';
import { backendOf, inMemory } from '../state/heap/backend-bench.js';
import { LsmBackendBench } from '../state/lsm/lsm-backend-bench.js';
import { anySteps, anyWindow } from './random-windows.js';

type WindowNode = Extract<StreamNode['spec'], { kind: 'window' }>;

function windowSpecOf(node: StreamNode): WindowNode {
  if (node.spec.kind !== 'window') throw new TypeError('not a window');
  return node.spec;
}

function driverOf(spec: WindowNode, state: PlainState, clock?: ManualClock, seed?: number): TimedOperatorDriver {
  return new TimedOperatorDriver({
    make: (host) => windowOperator(spec, spec.key, host),
    keyed: new PlainKeyedBackend(state),
    operatorState: plainOperatorState(state),
    ...(clock === undefined ? {} : { clock }),
    ...(seed === undefined ? {} : { full: new SeededRandom(seed) }),
  });
}

/** In an order that does not depend on that of keys and windows; lists in records have theirs sorted. */
function sorted(outputs: readonly TimedOutput[]): string[] {
  return outputs
    .map((output) => JSON.stringify(output, (_, value: unknown) => (isNumbers(value) ? value.toSorted((a, b) => a - b) : value)))
    .sort();
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'number');
}

/** Counts the records of sessions. */
function sessionsOf(gapMs: number): StreamNode {
  const env = StreamExecutionEnvironment.createLocalEnvironment(1);
  const stream = env
    .fromCollection<{ readonly key: number }>([])
    .keyBy((record) => record.key)
    .window(EventTimeSessionWindows.withGap(gapMs))
    .aggregate({ createAccumulator: () => 0, add: (_, count) => count + 1, getResult: (count) => count, merge: (a, b) => a + b });
  stream.print();
  return env.getStreamGraph().nodes.find(({ spec }) => spec.kind === 'window')!;
}

describe('window operators', () => {
  it('give the results of the definition, whatever the windows, and however full the output is', () => {
    fc.assert(
      fc.property(anyWindow, anySteps, fc.nat(), ({ make }, steps, seed) => {
        const [spec, twinSpec] = [windowSpecOf(make()), windowSpecOf(make())];
        const driver = driverOf(spec, emptyPlainState(), undefined, seed);
        const twin = new WindowTwin(twinSpec, twinSpec.key);
        for (const step of steps) {
          const emitted = structuredClone(driver.step(step));
          expect(sorted(emitted), JSON.stringify(step)).to.deep.equal(sorted(twin.step(step)));
        }
        expect((driver.operator as ReturnType<typeof windowOperator>).late.dropped).to.equal(twin.dropped);
      }),
      { numRuns: 300 },
    );
  });

  it('go on from their state as if nothing had been', () => {
    fc.assert(
      fc.property(anyWindow, anySteps, fc.nat({ max: 60 }), ({ make }, steps, at) => {
        const spec = windowSpecOf(make());
        const state = emptyPlainState();
        let driver = driverOf(spec, state);
        const whole = driverOf(windowSpecOf(make()), emptyPlainState());
        steps.forEach((step, index) => {
          if (index === at) driver = driverOf(windowSpecOf(make()), structuredClone(state), driver.clock);
          expect(sorted(driver.step(step)), JSON.stringify(step)).to.deep.equal(sorted(whole.step(step)));
        });
      }),
      { numRuns: 100 },
    );
  });

  /** On a backend, with a clock that goes on where another one was. */
  const driverOn = (spec: WindowNode, keyed: KeyedStateBackend, state: PlainState, nowMs = 0): TimedOperatorDriver => {
    const clock = new ManualClock();
    clock.advance(nowMs);
    const make = (host: OperatorHost): WindowOperator => windowOperator(spec, spec.key, host);
    return new TimedOperatorDriver({ make, keyed, operatorState: plainOperatorState(state), clock });
  };

  it('give out every session after a restore with another gap', async () => {
    const sessions = (gapMs: number): WindowNode => windowSpecOf(sessionsOf(gapMs));
    const step = fc.record({ key: fc.nat({ max: 3 }), timestamp: fc.nat({ max: 3000 }) });
    const gap = fc.constantFrom(1, 10, 100, 1000);
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.nat({ max: 60 }),
        gap,
        gap,
        fc.nat({ max: 3000 }),
        async (steps, at, before, after, until) => {
          const backend = await backendOf();
          let driver = driverOn(sessions(before), backend, emptyPlainState());
          const restore = async (): Promise<void> => {
            const handle = await backend.snapshot(1, { full: true }).write(inMemory);
            driver = driverOn(sessions(after), await backendOf([handle]), emptyPlainState());
            count(driver.step({ kind: 'watermark', watermark: until }));
          };
          let counted = 0;
          const count = (outputs: readonly TimedOutput[]): void => {
            for (const { value } of outputs) counted += value as number;
          };
          for (const [index, { key, timestamp }] of steps.entries()) {
            if (index === at) await restore();
            count(driver.step({ kind: 'record', value: { key }, timestamp }));
          }
          count(driver.step({ kind: 'watermark', watermark: Number.MAX_SAFE_INTEGER }));
          expect(counted + (driver.operator as WindowOperator).late.dropped).to.equal(steps.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('go on from a snapshot that is written while records come', async () => {
    await fc.assert(
      fc.asyncProperty(anyWindow, anySteps, fc.nat({ max: 60 }), async ({ make }, steps, at) => {
        const lists = emptyPlainState();
        const backend = await backendOf();
        const first = driverOn(windowSpecOf(make()), backend, lists);
        for (const step of steps.slice(0, at)) first.step(step);
        const nowMs = first.clock.now();
        const restoredLists = structuredClone(lists);
        const writing = backend.snapshot(1, { full: false }).write(inMemory);
        const rest = steps.slice(at);
        const expected = rest.map((step) => sorted(first.step(step)));
        const second = driverOn(windowSpecOf(make()), await backendOf([await writing]), restoredLists, nowMs);
        expect(rest.map((step) => sorted(second.step(step)))).to.deep.equal(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('go on from a savepoint of the other store', async () => {
    const bench = new LsmBackendBench(100);
    const heap = async (restored?: readonly KeyedStateHandle[]): Promise<KeyedStateBackend> => await backendOf(restored);
    const lsm = async (restored?: readonly KeyedStateHandle[]): Promise<KeyedStateBackend> => await bench.make(restored);
    for (const [from, to] of [
      [heap, lsm],
      [lsm, heap],
    ] as const) {
      await fc.assert(
        fc.asyncProperty(anyWindow, anySteps, fc.nat({ max: 60 }), async ({ make }, steps, at) => {
          const lists = emptyPlainState();
          const backend = await from();
          const first = driverOn(windowSpecOf(make()), backend, lists);
          for (const step of steps.slice(0, at)) first.step(step);
          const savepoint = await backend.snapshot(1, { full: true }).write(inMemory);
          const second = driverOn(windowSpecOf(make()), await to([savepoint]), structuredClone(lists), first.clock.now());
          for (const step of steps.slice(at)) {
            expect(sorted(second.step(step)), JSON.stringify(step)).to.deep.equal(sorted(first.step(step)));
          }
        }),
        { numRuns: 100 },
      );
    }
    await bench.close();
  });

  it('are the same on a store that keeps next to nothing in memory', async () => {
    const bench = new LsmBackendBench(100);
    await fc.assert(
      fc.asyncProperty(anyWindow, anySteps, async ({ make }, steps) => {
        const stored = driverOn(windowSpecOf(make()), await bench.make(), emptyPlainState());
        const plain = driverOf(windowSpecOf(make()), emptyPlainState());
        for (const step of steps) expect(sorted(stored.step(step)), JSON.stringify(step)).to.deep.equal(sorted(plain.step(step)));
      }),
      { numRuns: 100 },
    );
    await bench.close();
  });

  it('leave no state behind', () => {
    fc.assert(
      fc.property(anyWindow, anySteps, ({ make, description }, steps) => {
        const state = emptyPlainState();
        const driver = driverOf(windowSpecOf(make()), state);
        for (const step of steps) driver.step(step);
        driver.step({ kind: 'clock', byMs: 1000 });
        if (description.startsWith('Global')) return;
        const kept = [...state.tables].flatMap(([name, tables]) =>
          name.startsWith('state ') ? [] : [...tables.values()].map(({ entries }) => entries.size),
        );
        expect(kept.reduce((sum, size) => sum + size, 0)).to.equal(0);
      }),
      { numRuns: 100 },
    );
  });

  it('never emit a record that a later one changes', () => {
    fc.assert(
      fc.property(anyWindow, anySteps, ({ make }, steps) => {
        const driver = driverOf(windowSpecOf(make()), emptyPlainState());
        const emitted: [outputs: readonly TimedOutput[], text: string][] = [];
        for (const step of steps) {
          const outputs = driver.step(step);
          emitted.push([outputs, JSON.stringify(outputs)]);
        }
        for (const [outputs, text] of emitted) expect(JSON.stringify(outputs)).to.equal(text);
      }),
      { numRuns: 100 },
    );
  });
});
