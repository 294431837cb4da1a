import { expect } from 'chai';
import {
  AsyncDataStream,
  type Collector,
  type DataStream,
  type KeyedCoProcessFunction,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  MapStateDescriptor,
  type OnTimerContext,
  OutputTag,
  type RuntimeContext,
  type ValueState,
  ValueStateDescriptor,
} from 'flink-ts';
import { HarnessError, KeyedOneInputHarness, OneInputHarness, TwoInputHarness } from 'flink-ts/testing';

const EARLY = new OutputTag<string>('early');

/** Emits how often a word came, ten ms of event time after it came first; at once to a side output. */
class Count implements KeyedProcessFunction<string, string, readonly [string, number]> {
  #count!: ValueState<number>;

  open(context: RuntimeContext): void {
    this.#count = context.getState(new ValueStateDescriptor<number>('count'));
  }

  processElement(word: string, context: KeyedProcessContext<string>): void {
    const before = this.#count.value();
    if (before === undefined) context.timerService.registerEventTimeTimer(context.timestamp + 10);
    this.#count.update((before ?? 0) + 1);
    context.output(EARLY, word);
  }

  onTimer(_time: number, context: OnTimerContext<string>, out: Collector<readonly [string, number]>): void {
    out.collect([context.currentKey, this.#count.value() ?? 0]);
    this.#count.clear();
  }
}

describe('harnesses of flink-ts/testing', () => {
  it('drive simple functions', async () => {
    const harness = await OneInputHarness.of((words: DataStream<string>) => words.flatMap((line) => line.split(' ')));
    harness.push('to be', 7);
    expect(harness.output).to.deep.equal([
      { value: 'to', timestamp: 7 },
      { value: 'be', timestamp: 7 },
    ]);
    harness.processWatermark(9);
    expect(harness.watermarks).to.deep.equal([9]);
    await harness.close();
  });

  it('drive keyed functions with state, timers and side outputs, snapshot them and restore them rescaled', async () => {
    const make = (options = {}): Promise<KeyedOneInputHarness<string, readonly [string, number]>> =>
      KeyedOneInputHarness.of(
        (word: string) => word,
        (words) => words.process(new Count()),
        options,
      );
    const harness = await make();
    const words = ['to', 'be', 'or', 'not', 'to', 'be'];
    words.forEach((word, index) => {
      harness.push(word, index);
    });
    expect(harness.sideOutput(EARLY).map(({ value }) => value)).to.deep.equal(words);
    const snapshot = await harness.snapshot();
    harness.processWatermark(11);
    expect(harness.takeValues()).to.deep.equal([
      ['to', 2],
      ['be', 2],
    ]);
    await harness.close();
    const values: (readonly [string, number])[] = [];
    for (const subtaskIndex of [0, 1, 2]) {
      const restored = await make({ restore: [snapshot], subtaskIndex, parallelism: 3 });
      restored.processWatermark(100);
      values.push(...restored.takeValues());
      await restored.close();
    }
    expect(values).to.have.deep.members([
      ['to', 2],
      ['be', 2],
      ['or', 1],
      ['not', 1],
    ]);
  });

  it('drive functions of two keyed streams by processing time', async () => {
    class Last implements KeyedCoProcessFunction<string, string, number, string> {
      #last!: ValueState<number>;
      open(context: RuntimeContext): void {
        this.#last = context.getState(new ValueStateDescriptor<number>('last'));
      }
      processElement1(word: string, context: KeyedProcessContext<string>): void {
        context.timerService.registerProcessingTimeTimer(context.timerService.currentProcessingTime + word.length);
      }
      processElement2(value: number): void {
        this.#last.update(value);
      }
      onTimer(time: number, context: OnTimerContext<string>, out: Collector<string>): void {
        out.collect(`${context.currentKey}: ${this.#last.value()} at ${time}`);
      }
    }
    const harness = await TwoInputHarness.of(
      (words: DataStream<string>, numbers: DataStream<number>) =>
        words
          .connect(numbers)
          .keyBy(
            () => 'key',
            () => 'key',
          )
          .process(new Last()),
      { processingTime: 1000 },
    );
    harness.push2(42);
    harness.push1('longer');
    harness.push1('be');
    harness.setProcessingTime(1003);
    expect(harness.takeValues()).to.deep.equal(['key: 42 at 1002']);
    harness.setProcessingTime(1006);
    expect(harness.takeValues()).to.deep.equal(['key: 42 at 1006']);
    await harness.close();
  });

  it('drive broadcast state', async () => {
    const limits = new MapStateDescriptor<string, number>('limits');
    const harness = await TwoInputHarness.of((numbers: DataStream<number>, rules: DataStream<number>) =>
      numbers.connect(rules.broadcast(limits)).process<number>({
        processElement: (value, context, out) => {
          if (value > (context.getBroadcastState(limits).get('limit') ?? 0)) out.collect(value);
        },
        processBroadcastElement: (limit, context) => {
          context.getBroadcastState(limits).put('limit', limit);
        },
      }),
    );
    harness.push2(10);
    harness.push1(9);
    harness.push1(11);
    expect(harness.takeValues()).to.deep.equal([11]);
    await harness.close();
  });

  it('drive asynchronous functions', async () => {
    const harness = await OneInputHarness.of((numbers: DataStream<number>) =>
      AsyncDataStream.orderedWait(numbers, async (value) => Promise.resolve(value * 2), 100),
    );
    harness.push(1);
    harness.push(2);
    harness.processWatermark(5);
    expect(harness.takeValues()).to.deep.equal([]);
    await harness.settled();
    expect(harness.takeValues()).to.deep.equal([2, 4]);
    expect(harness.watermarks).to.deep.equal([5]);
    await harness.close();
    const slow = await OneInputHarness.of((numbers: DataStream<number>) =>
      AsyncDataStream.unorderedWait<number, number>(numbers, { asyncInvoke: () => undefined }, 100),
    );
    slow.push(1);
    expect(() => {
      slow.setProcessingTime(100);
    }).to.throw(HarnessError, /beside its records/);
  });

  it('say when there is not one operator to drive', async () => {
    const failed = await OneInputHarness.of((numbers: DataStream<number>) => numbers.map(String).map(Number)).catch(
      (error: unknown) => error,
    );
    expect(failed).to.be.instanceOf(HarnessError).with.property('message', 'a harness drives one operator, not 2');
  });
});
