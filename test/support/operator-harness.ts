import { expect } from 'chai';
import { NO_TIMESTAMP, SeededRandom, type TypeInfo } from '#core';
import { type DataStream, type RuntimeMode, type Sink, type SinkWriter, StreamExecutionEnvironment } from '#api';
import type { ChainGate } from '../../runtime/chain/chain-plan.js';
import type { Stage } from '../../runtime/chain/stage.js';
import { createStage } from '../../runtime/operators/create-stage.js';
import { ChainDriver, fillsByChance, type ChainForm, RecordingExit, stageOf } from './chain-driver.js';
import { deepFreeze } from './frozen.js';
import { ListSource } from './list-source.js';
import { testHost } from './operator-host.js';
import { runJob } from './run-program.js';
import { textRecords } from './text-records.js';

/** What is tested: the stream that the operators under test make of their inputs. */
export type Operators<I extends readonly unknown[] = readonly unknown[], O = unknown> = (...inputs: StreamsOf<I>) => DataStream<O>;
type StreamsOf<I extends readonly unknown[]> = { [K in keyof I]: DataStream<I[K]> };

export interface HarnessOptions {
  /** Names of the fields of records written as text: they are objects then, else tuples or single values. */
  readonly fields?: readonly string[];
  /** Of the expected output, when others than those of the input. */
  readonly outputFields?: readonly string[];
  /** Declared type of the records of all inputs. */
  readonly type?: TypeInfo;
  readonly mode?: RuntimeMode;
  /** Whether the order of the output is part of what is expected, as far as parallelism 1 goes. By default with one input, streaming. */
  readonly ordered?: boolean;
}

/** Records as values, or as text. */
export type Records = string | readonly unknown[];

/** One way to run operators. Each must come to the same output. */
interface Variant {
  readonly name: string;
  /** Whether the output keeps the order that one subtask gives it. */
  readonly keepsOrder: boolean;
  run(
    operators: Operators,
    inputs: readonly (readonly unknown[])[],
    options: HarnessOptions,
  ): Promise<readonly unknown[]> | readonly unknown[];
}

/**
 * Runs operators on one input, in all ways they may be run in, and expects one output of all: at one go and record by record, by the
 * compiled and the plain chain, with outputs that are often full, with frozen records (so that who changes one is caught), and in slots,
 * divided over 1, 2 and 3 subtasks.
 *
 * @example
 * await runOperator((orders: DataStream<Order>) => orders.keyBy('user').sum('amount'), { fields: ['user', 'amount'] })
 *   .input(`
 *     ann  10
 *     ann   2`)
 *   .expectOutput(`
 *     ann  10
 *     ann  12`);
 */
export function runOperator<I extends readonly unknown[], O>(
  operators: Operators<I, O>,
  options: HarnessOptions = {},
): {
  input(...inputs: Records[]): HarnessRun;
} {
  return { input: (...inputs) => new HarnessRun(operators as unknown as Operators, inputs, options) };
}

class HarnessRun {
  readonly #inputs: readonly (readonly unknown[])[];

  constructor(
    private readonly operators: Operators,
    inputs: readonly Records[],
    private readonly options: HarnessOptions,
  ) {
    this.#inputs = inputs.map((records) => deepFreeze(recordsOf(records, options.fields)));
  }

  async expectOutput(output: Records): Promise<void> {
    const { options } = this;
    const expected = recordsOf(output, options.outputFields ?? options.fields);
    const ordered = options.ordered ?? (this.#inputs.length === 1 && options.mode !== 'BATCH');
    for (const variant of variants()) {
      const actual = await variant.run(this.operators, this.#inputs, options);
      if (ordered && variant.keepsOrder) expect(actual, variant.name).to.deep.equal(expected);
      else expect(actual, `${variant.name}, in any order`).to.have.deep.members(expected);
    }
  }

  /** Every way of running fails with an error for which the check passes; it is given the error and those behind it. */
  async expectError(check: (error: Error, causes: readonly Error[]) => void): Promise<void> {
    for (const variant of variants()) {
      let failure: unknown;
      try {
        await variant.run(this.operators, this.#inputs, this.options);
      } catch (error) {
        failure = error;
      }
      expect(failure, `${variant.name} has not failed`).to.be.instanceOf(Error);
      check(failure as Error, causesOf(failure as Error));
    }
  }
}

function causesOf({ cause }: Error): Error[] {
  return cause instanceof Error ? [cause, ...causesOf(cause)] : [];
}

function recordsOf(records: Records, fields: readonly string[] | undefined): unknown[] {
  return typeof records === 'string' ? textRecords(records, fields) : [...records];
}

function variants(): readonly Variant[] {
  const forms: readonly ChainForm[] = ['compiled', 'plain'];
  return [
    ...forms.flatMap((form) => [chainVariant(form, 0, 0), ...[1, 2, 3].map((seed) => chainVariant(form, seed, seed))]),
    ...[1, 2, 3].flatMap((parallelism) => forms.map((form) => slotVariant(form, parallelism))),
  ];
}

/** All operators in one chain, in a plain loop. The output is full once in `oneIn` records; 0: never. */
function chainVariant(form: ChainForm, oneIn: number, seed: number): Variant {
  return {
    name: `${form} chain, ${oneIn === 0 ? 'at one go' : `full once in ${oneIn} records`}`,
    keepsOrder: true,
    async run(operators, inputs, options) {
      const gate = { blocked: false };
      const exit = new RecordingExit(gate, oneIn === 0 ? undefined : fillsByChance(new SeededRandom(seed), oneIn));
      const line = lineOf(operators, inputs.length, options, gate);
      const stages = line.map(({ stage }) => stage);
      const targets = line.map(({ tag }, index) => [
        index + 1 < line.length ? { kind: 'stage' as const, stage: index + 1, tag } : { kind: 'exit' as const, exit, tag },
      ]);
      const driver = new ChainDriver(form, stages, targets, gate);
      for (const stage of stages) await stage.open();
      inputs.forEach((records, input) => {
        for (const record of records) driver.push(record, NO_TIMESTAMP, input);
      });
      driver.end();
      for (const stage of stages) await stage.close();
      return exit.emitted.map(([value]) => value);
    },
  };
}

/** An operator of a line, and which of its outputs the next one reads. */
interface Link {
  readonly stage: Stage;
  readonly tag: string | undefined;
}

/** The operators, which must stand in a line, each followed by a stage that freezes what it emits. */
function lineOf(operators: Operators, inputs: number, options: HarnessOptions, gate: ChainGate): readonly Link[] {
  const env = StreamExecutionEnvironment.createLocalEnvironment(1);
  operators(...Array.from({ length: inputs }, () => env.fromSource(new ListSource<unknown>([]), 'Input', options.type))).addSink(
    () => undefined,
  );
  const { nodes, edges } = env.getStreamGraph();
  const tested = nodes.filter(({ spec }) => spec.kind !== 'source' && spec.kind !== 'sink');
  return tested.flatMap((node, index) => {
    const out = edges.filter(({ from }) => from === node.id);
    expect(
      out.map(({ to }) => to),
      `the readers of "${node.name}"`,
    ).to.deep.equal([tested[index + 1]?.id ?? nodes.at(-1)?.id]);
    return [
      {
        stage: createStage({
          node,
          host: testHost(node.name, gate),
          mode: options.mode ?? 'STREAMING',
          keys: [],
          sink: undefined,
          functions: undefined,
        }),
        tag: out[0]?.outputTag,
      },
      { stage: stageOf(`freeze-${index}`, { form: 'map', call: deepFreeze }), tag: undefined },
    ];
  });
}

/** In slots of this thread, over exchanges with little memory, into a sink that is often full. */
function slotVariant(form: ChainForm, parallelism: number): Variant {
  return {
    name: `slots, ${form} chains, parallelism ${parallelism}`,
    keepsOrder: parallelism === 1,
    async run(operators, inputs, { type, mode }) {
      const output: unknown[] = [];
      await runJob(
        async () => {
          const env = StreamExecutionEnvironment.getExecutionEnvironment().setRuntimeMode(mode ?? 'STREAMING');
          const streams = inputs.map((records) => env.fromSource(new ListSource(records), 'Input', type));
          // streaming, what comes out for a key depends on the order in which its records come
          if (mode !== 'BATCH') for (const stream of streams) stream.setParallelism(1);
          operators(...streams).sinkTo(new OftenFullSink(output));
          await env.execute();
        },
        { parallelism, segmentSizeBytes: 512, configuration: { 'pipeline.compiled-chains': String(form === 'compiled') } },
      );
      return output;
    },
  };
}

/** Puts records into a list of the test, and is full after one in three. */
class OftenFullSink implements Sink<unknown> {
  constructor(private readonly output: unknown[]) {}

  createWriter({ wake, subtaskIndex }: Parameters<Sink<unknown>['createWriter']>[0]): SinkWriter<unknown> {
    const { output } = this;
    const full = fillsByChance(new SeededRandom(subtaskIndex + 1), 3);
    let blocked = false;
    return {
      get blocked() {
        return blocked;
      },
      write(value) {
        output.push(value);
        if (blocked || !full()) return;
        blocked = true;
        setImmediate(() => {
          blocked = false;
          wake();
        });
      },
      flush: () => Promise.resolve([]),
      close: () => undefined,
    };
  }
}
