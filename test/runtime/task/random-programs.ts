import fc from 'fast-check';
import {
  type Collector,
  type DataStream,
  OutputTag,
  type ProcessContext,
  type SingleOutputStreamOperator,
  type StreamExecutionEnvironment,
} from '#api';
import { ListSource } from '../../support/list-source.js';

export interface Row {
  readonly k: number;
  readonly v: number;
  readonly s: string;
}

const PARTITIONINGS = ['none', 'rebalance', 'rescale', 'shuffle', 'broadcast', 'global', 'custom'] as const;

/** How an operator of a random program gets its records, and where it runs. */
interface Manner {
  readonly partitioning: (typeof PARTITIONINGS)[number];
  /** Subtasks: the job's parallelism, half of it, or one. */
  readonly spread: 'full' | 'half' | 'one';
  readonly chaining: 'always' | 'head' | 'never';
}

/** A random program: a tree of operators with sources as its leaves. */
export type RandomStream =
  | { readonly kind: 'source'; readonly rows: readonly Row[] }
  | {
      readonly kind: 'map' | 'filter' | 'iterate' | 'collect' | 'side' | 'count';
      readonly n: number;
      readonly input: RandomStream;
      readonly manner: Manner;
    }
  | { readonly kind: 'union' | 'connect'; readonly left: RandomStream; readonly right: RandomStream; readonly manner: Manner };

const anyRow: fc.Arbitrary<Row> = fc.record({
  k: fc.integer({ min: -3, max: 12 }),
  v: fc.oneof(fc.integer({ min: -100, max: 100 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
  s: fc.oneof(fc.string({ maxLength: 5 }), fc.string({ unit: 'grapheme', maxLength: 60 })),
});

const anyManner: fc.Arbitrary<Manner> = fc.record({
  partitioning: fc.constantFrom(...PARTITIONINGS),
  spread: fc.constantFrom('full', 'full', 'half', 'one'),
  chaining: fc.constantFrom('always', 'always', 'head', 'never'),
});

export const anyStream: fc.Arbitrary<RandomStream> = fc.letrec<{ stream: RandomStream }>((tie) => ({
  stream: fc.oneof(
    { maxDepth: 5, depthSize: 'medium', withCrossShrink: true },
    fc.record({ kind: fc.constant<'source'>('source'), rows: fc.array(anyRow, { maxLength: 80, size: 'max' }) }),
    fc.record({
      kind: fc.constantFrom('map', 'filter', 'iterate', 'collect', 'side', 'count'),
      n: fc.integer({ min: 1, max: 4 }),
      input: tie('stream'),
      manner: anyManner,
    }),
    fc.record({ kind: fc.constantFrom('union', 'connect'), left: tie('stream'), right: tie('stream'), manner: anyManner }),
  ),
})).stream;

/** Subtasks of an operator. */
function subtasksOf({ spread }: Manner, parallelism: number): number {
  if (spread === 'one') return 1;
  return spread === 'half' ? Math.ceil(parallelism / 2) : parallelism;
}

/** What the operators do, both here and in the twin. */
const steps = {
  map:
    (n: number) =>
    (row: Row): Row => ({ ...row, k: row.k + n, s: `${row.s}+${n}` }),
  filter:
    (n: number) =>
    (row: Row): boolean =>
      Math.abs(row.k) % (n + 1) !== 0,
  fan:
    (n: number) =>
    (row: Row): Row[] =>
      Array.from({ length: Math.abs(row.k) % (n + 2) }, (_, copy) => ({ ...row, v: copy, s: `${row.s}/${copy}` })),
  iterate: (n: number) =>
    function* results(row: Row): Iterable<Row> {
      yield* steps.fan(n)(row);
    },
  collect:
    (n: number) =>
    (row: Row, out: Collector<Row>): void => {
      for (const copy of steps.fan(n)(row)) out.collect(copy);
    },
  isSide:
    (n: number) =>
    (row: Row): boolean =>
      Math.abs(row.k) % (n + 1) === 0,
  one: (row: Row): Row => ({ k: row.k, v: 1, s: '' }),
  add: (left: Row, right: Row): Row => ({ ...left, v: left.v + right.v }),
  fromRight: (row: Row): Row => ({ ...row, s: `right ${row.s}` }),
};

/** Makes the program's streams with the API. */
export function build(env: StreamExecutionEnvironment, stream: RandomStream): DataStream<Row> {
  switch (stream.kind) {
    case 'source':
      return env.fromSource(new ListSource(stream.rows), 'rows');
    case 'union': {
      const united = build(env, stream.left).union(build(env, stream.right));
      return placed(partitioned(united, stream.manner).map(steps.map(0)), stream.manner, env);
    }
    case 'connect': {
      const left = partitioned(build(env, stream.left), stream.manner);
      return placed(left.connect(build(env, stream.right).rebalance()).map(steps.map(0), steps.fromRight), stream.manner, env);
    }
    default:
      return step(env, stream);
  }
}

function step(env: StreamExecutionEnvironment, { kind, n, input, manner }: Extract<RandomStream, { input: unknown }>): DataStream<Row> {
  const rows = partitioned(build(env, input), manner);
  switch (kind) {
    case 'map':
      return placed(rows.map(steps.map(n)), manner, env);
    case 'filter':
      return placed(rows.filter(steps.filter(n)), manner, env);
    case 'iterate':
      return placed(rows.flatMap(steps.iterate(n)), manner, env);
    case 'collect':
      return placed(rows.flatMap(steps.collect(n)), manner, env);
    case 'count':
      return placed(rows.map(steps.one).keyBy('k').reduce(steps.add), manner, env);
    case 'side': {
      const tag = new OutputTag<Row>('side');
      const processed = placed(
        rows.process<Row>({
          processElement(row: Row, context: ProcessContext, out: Collector<Row>) {
            if (steps.isSide(n)(row)) context.output(tag, row);
            else out.collect(row);
          },
        }),
        manner,
        env,
      );
      return processed.union(processed.getSideOutput(tag).map(steps.map(n)));
    }
  }
}

function partitioned(rows: DataStream<Row>, { partitioning }: Manner): DataStream<Row> {
  if (partitioning === 'none') return rows;
  if (partitioning === 'custom') {
    return rows.partitionCustom(
      (key: number, subtasks) => Math.abs(key) % subtasks,
      ({ k }) => k,
    );
  }
  return rows[partitioning]();
}

function placed(
  operator: SingleOutputStreamOperator<Row>,
  manner: Manner,
  env: StreamExecutionEnvironment,
): SingleOutputStreamOperator<Row> {
  operator.setParallelism(subtasksOf(manner, env.getParallelism()));
  if (manner.chaining === 'head') operator.startNewChain();
  if (manner.chaining === 'never') operator.disableChaining();
  return operator;
}

export interface TwinConditions {
  readonly parallelism: number;
  readonly mode: 'STREAMING' | 'BATCH';
}

/** What the program comes to, in memory and in no particular order. */
export function twinOf(stream: RandomStream, conditions: TwinConditions): Row[] {
  switch (stream.kind) {
    case 'source':
      return [...stream.rows];
    case 'union':
      return copied([...twinOf(stream.left, conditions), ...twinOf(stream.right, conditions)], stream.manner, conditions).map(steps.map(0));
    case 'connect':
      return [
        ...copied(twinOf(stream.left, conditions), stream.manner, conditions).map(steps.map(0)),
        ...twinOf(stream.right, conditions).map(steps.fromRight),
      ];
    default:
      return twinStep(stream, conditions);
  }
}

function twinStep({ kind, n, input, manner }: Extract<RandomStream, { input: unknown }>, conditions: TwinConditions): Row[] {
  const rows = twinOf(input, conditions);
  // "count" maps first, with the job's parallelism
  const received = copied(rows, kind === 'count' ? { ...manner, spread: 'full' } : manner, conditions);
  switch (kind) {
    case 'map':
      return received.map(steps.map(n));
    case 'filter':
      return received.filter(steps.filter(n));
    case 'iterate':
    case 'collect':
      return received.flatMap(steps.fan(n));
    case 'side':
      return received.map((row) => (steps.isSide(n)(row) ? steps.map(n)(row) : row));
    case 'count':
      return counts(received, conditions);
  }
}

function counts(rows: readonly Row[], { mode }: TwinConditions): Row[] {
  const totals = new Map<number, number>();
  const running = rows.map(({ k }): Row => {
    totals.set(k, (totals.get(k) ?? 0) + 1);
    return { k, v: totals.get(k)!, s: '' };
  });
  return mode === 'STREAMING' ? running : [...totals].map(([k, v]) => ({ k, v, s: '' }));
}

/** A broadcast hands every record to each subtask of the operator. */
function copied(rows: readonly Row[], manner: Manner, { parallelism }: TwinConditions): Row[] {
  const copies = manner.partitioning === 'broadcast' ? subtasksOf(manner, parallelism) : 1;
  return rows.flatMap((row) => Array.from({ length: copies }, () => row));
}
