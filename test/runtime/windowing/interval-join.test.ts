import { expect } from 'chai';
import fc from 'fast-check';
import { MIN_WATERMARK, NO_TIMESTAMP } from '#core';
import { OutputTag, StreamExecutionEnvironment, type ProcessJoinContext, type StreamNode } from '#api';
import { IntervalJoinOperator } from '../../../runtime/windowing/interval-join.js';
import { emptyPlainState, PlainKeyedBackend, plainOperatorState, type PlainState } from '../../support/plain-keyed-backend.js';
import { TimedOperatorDriver, type TimedOutput, type TimedStep } from '../../support/timed-operator.js';

interface Item {
  readonly key: string;
  readonly id: number;
}

type JoinSpec = Extract<StreamNode['spec'], { kind: 'intervalJoin' }>;

function joinSpec(lower: number, upper: number, exclusive = false): JoinSpec {
  const env = StreamExecutionEnvironment.createLocalEnvironment(1);
  const stream = env.fromCollection<Item>([]).keyBy('key');
  const joined = stream.intervalJoin(env.fromCollection<Item>([]).keyBy('key')).between(lower, upper);
  if (exclusive) joined.lowerBoundExclusive().upperBoundExclusive();
  joined
    .sideOutputLeftLateData(new OutputTag<Item>('late'))
    .process((left, right, context: ProcessJoinContext, out: { collect(value: unknown): void }) => {
      out.collect([left.id, right.id, context.leftTimestamp, context.rightTimestamp]);
    });
  const { spec } = env.getStreamGraph().nodes.find((node) => node.spec.kind === 'intervalJoin')!;
  if (spec.kind !== 'intervalJoin') throw new TypeError('not a join');
  return spec;
}

function driverOf(spec: JoinSpec, state: PlainState): TimedOperatorDriver {
  return new TimedOperatorDriver({
    make: (host) => new IntervalJoinOperator({ host, key: spec.key, secondKey: spec.secondKey, spec }),
    keyed: new PlainKeyedBackend(state),
    operatorState: plainOperatorState(state),
  });
}

const anySteps: fc.Arbitrary<readonly TimedStep[]> = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          kind: fc.constant('record' as const),
          value: fc.record({ key: fc.constantFrom('a', 'b'), id: fc.nat({ max: 1000 }) }),
          timestamp: fc.integer({ min: -10, max: 40 }),
          input: fc.constantFrom(0, 1),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('watermark' as const), watermark: fc.integer({ min: 0, max: 6 }) }) },
    ),
    { maxLength: 80 },
  )
  .map((steps) => {
    let watermark = -11;
    return steps.map((step): TimedStep => {
      if (step.kind !== 'watermark') return step;
      watermark += 1 + step.watermark;
      return { kind: 'watermark', watermark };
    });
  });

/** All pairs of records of which neither came late, when the second of them comes. */
class JoinTwin {
  readonly #taken: { readonly input: number; readonly value: Item; readonly timestamp: number }[] = [];
  #watermark = MIN_WATERMARK;

  constructor(private readonly spec: JoinSpec) {}

  step(step: TimedStep): TimedOutput[] {
    if (step.kind === 'watermark') this.#watermark = step.watermark;
    if (step.kind !== 'record') return [];
    const { timestamp, input = 0 } = step;
    const value = step.value as Item;
    if (timestamp < this.#watermark) return input === 0 ? [{ value, timestamp, tag: 'late' }] : [];
    const pairs = this.#taken
      .filter((other) => other.input !== input && other.value.key === value.key)
      .map((other) => (input === 0 ? [step, other] : [other, step]));
    this.#taken.push({ input, value, timestamp });
    return pairs
      .filter(
        ([left, right]) =>
          right!.timestamp >= left!.timestamp + this.spec.lowerMs && right!.timestamp <= left!.timestamp + this.spec.upperMs,
      )
      .map(([left, right]) => ({
        value: [(left!.value as Item).id, (right!.value as Item).id, left!.timestamp, right!.timestamp],
        timestamp: Math.max(left!.timestamp, right!.timestamp),
      }));
  }
}

function sorted(outputs: readonly TimedOutput[]): string[] {
  return outputs.map((output) => JSON.stringify(output)).sort();
}

describe('IntervalJoinOperator', () => {
  const bounds = fc.tuple(fc.integer({ min: -15, max: 15 }), fc.nat({ max: 20 })).map(([lower, width]) => [lower, lower + width] as const);

  it('pairs what nested loops pair, and goes on from its state', () => {
    fc.assert(
      fc.property(bounds, anySteps, fc.nat({ max: 80 }), ([lower, upper], steps, at) => {
        const spec = joinSpec(lower, upper);
        const state = emptyPlainState();
        let driver = driverOf(spec, state);
        const twin = new JoinTwin(spec);
        steps.forEach((step, index) => {
          if (index === at) driver = driverOf(spec, structuredClone(state));
          expect(sorted(driver.step(step))).to.deep.equal(sorted(twin.step(step)));
        });
      }),
      { numRuns: 300 },
    );
  });

  it('keeps nothing that can find no partner', () => {
    const spec = joinSpec(-5, 5);
    const state = emptyPlainState();
    const driver = driverOf(spec, state);
    for (let timestamp = 0; timestamp < 100; timestamp++) {
      driver.step({ kind: 'record', value: { key: 'a', id: timestamp }, timestamp, input: timestamp % 2 });
      driver.step({ kind: 'watermark', watermark: timestamp });
    }
    const kept = [...state.tables.values()].flatMap((tables) => [...tables.keys()]);
    expect(kept).to.have.length.below(10);
  });

  it('leaves out the bounds when told so', () => {
    const { lowerMs, upperMs } = joinSpec(-2, 3, true);
    expect([lowerMs, upperMs]).to.deep.equal([-1, 2]);
  });

  it('counts late right records, and demands timestamps', () => {
    const driver = driverOf(joinSpec(0, 1), emptyPlainState());
    driver.step({ kind: 'watermark', watermark: 10 });
    driver.step({ kind: 'record', value: { key: 'a', id: 1 }, timestamp: 9, input: 1 });
    expect((driver.operator as IntervalJoinOperator).lateRight.dropped).to.equal(1);
    const without = (): unknown => driver.step({ kind: 'record', value: { key: 'a', id: 1 }, timestamp: NO_TIMESTAMP });
    expect(without).to.throw().with.property('code', 'JOIN_WITHOUT_TIMESTAMP');
  });
});
