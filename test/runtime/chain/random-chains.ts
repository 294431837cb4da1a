import fc from 'fast-check';
import type { Collector } from '#api';
import type { ChainGate, ChainTarget } from '../../../runtime/chain/chain-plan.js';
import type { Stage, StageBody } from '../../../runtime/chain/stage.js';
import { RecordingExit, stageOf, type Emitted } from '../../support/chain-driver.js';

/** Several results of one number, by which the flat maps of random chains go. */
const fan = (n: number, value: number): number[] => Array.from({ length: Math.abs(value + n) % (n + 1) }, (_, index) => value * 3 + index);

const FLAT_MAPS = {
  collect: (n: number) => (value: number, out: Collector<number>) => {
    for (const result of fan(n, value)) out.collect(result);
  },
  array: (n: number) => (value: number) => fan(n, value),
  /** Iterates in a way of its own. */
  unusualArray: (n: number) => (value: number) =>
    Object.assign(['never read'], { [Symbol.iterator]: () => fan(n, value)[Symbol.iterator]() }),
  list: (n: number) => (value: number) => ({ [Symbol.iterator]: () => fan(n, value).values() }),
  generator: (n: number) =>
    function* results(value: number) {
      yield* fan(n, value);
    },
  /** Emits some itself and answers the rest. */
  both: (n: number) => (value: number, out: Collector<number>) => {
    const [first, ...others] = fan(n, value);
    if (first !== undefined) out.collect(first);
    return others;
  },
  /** Collects while it is being read, and never yields. */
  lateCollect: (n: number) =>
    function* results(value: number, out: Collector<number>) {
      for (const result of fan(n, value)) {
        out.collect(result);
        yield -result;
      }
    },
} as const;

/** An operator of a random chain: a tree that ends in exits. */
export interface RandomOperator {
  readonly kind: 'map' | 'filter' | 'process' | 'update' | 'twice' | 'timestamps' | keyof typeof FLAT_MAPS;
  readonly n: number;
  /** `exit` counts as a consumer too. */
  readonly main: readonly (RandomOperator | 'exit')[];
  readonly side: readonly (RandomOperator | 'exit')[];
}

const KINDS = [
  'map',
  'filter',
  'process',
  'update',
  'twice',
  'timestamps',
  'collect',
  'array',
  'unusualArray',
  'list',
  'generator',
  'both',
  'lateCollect',
] as const;

export const anyOperator: fc.Arbitrary<RandomOperator> = fc.letrec<{ operator: RandomOperator; consumer: RandomOperator | 'exit' }>(
  (tie) => ({
    operator: fc.record({
      kind: fc.constantFrom(...KINDS),
      n: fc.integer({ min: 1, max: 5 }),
      main: fc.array(tie('consumer'), { minLength: 1, maxLength: 2 }),
      side: fc.array(tie('consumer'), { maxLength: 2 }),
    }),
    consumer: fc.oneof({ maxDepth: 4, depthSize: 'medium', withCrossShrink: true }, fc.constant<'exit'>('exit'), tie('operator')),
  }),
).operator;

/** The body of the stage of an operator, with state of its own. */
function bodyOf({ kind, n }: RandomOperator): StageBody {
  switch (kind) {
    case 'map':
      return { form: 'map', call: (value) => (value as number) + n };
    case 'filter':
      return { form: 'filter', call: (value) => (value as number) % (n + 1) !== 0 };
    case 'update': {
      let sum = 0;
      return {
        form: 'update',
        operator: {
          update: (value) => {
            sum += value as number;
            return sum;
          },
        },
      };
    }
    case 'timestamps': {
      let passed = 0;
      return {
        form: 'timestamps',
        operator: {
          timestampOf: (value, timestamp) => timestamp * 2 + (value as number) + passed,
          passed: (value, timestamp) => {
            passed = (passed + (value as number) + timestamp) % 7;
          },
        },
      };
    }
    case 'process':
      return {
        form: 'process',
        operator: {
          process: (value, timestamp, output) => {
            output.emit(value, timestamp);
            if ((value as number) % 2 === 0) output.emitTo('side', (value as number) * n, timestamp + 1);
            output.emitTo('unread', value, timestamp);
            output.emit((value as number) + 1, timestamp + 2);
          },
        },
      };
    case 'twice':
      return {
        form: 'twoInputs',
        operator: {
          process1: (value, timestamp, output) => {
            output.emit(value, timestamp);
            output.emit(value, timestamp);
          },
          process2: () => undefined,
        },
      };
    default:
      return { form: 'flatMap', call: FLAT_MAPS[kind](n) as Extract<StageBody, { form: 'flatMap' }>['call'] };
  }
}

export interface BuiltChain {
  readonly stages: readonly Stage[];
  readonly targets: readonly (readonly ChainTarget[])[];
  readonly exits: readonly RecordingExit[];
}

/** The operator and its consumers as a chain, in topological order, with an exit wherever one is named. */
export function buildChain(head: RandomOperator, gate: ChainGate, fills: () => boolean): BuiltChain {
  const stages: Stage[] = [];
  const targets: ChainTarget[][] = [];
  const exits: RecordingExit[] = [];
  const add = (operator: RandomOperator): number => {
    const index = stages.push(stageOf(`${operator.kind}-${stages.length}`, bodyOf(operator), stages.length)) - 1;
    targets[index] = [];
    const connect =
      (tag: string | undefined) =>
      (consumer: RandomOperator | 'exit'): void => {
        if (consumer === 'exit') targets[index]?.push({ kind: 'exit', exit: exits[exits.push(new RecordingExit(gate, fills)) - 1]!, tag });
        else targets[index]?.push({ kind: 'stage', stage: add(consumer), tag });
      };
    operator.main.forEach(connect(undefined));
    if (operator.kind === 'process') operator.side.forEach(connect('side'));
    return index;
  };
  add(head);
  return { stages, targets, exits };
}

/** What the chain has to emit, worked out by plain recursion: by exit, in the order in which `buildChain` makes them. */
export function twinOf(head: RandomOperator, inputs: readonly number[]): Emitted[][] {
  const exits: Emitted[][] = [];
  const twin = (operator: RandomOperator): ((value: number, timestamp: number) => void) => {
    const consumers = operator.main.map((consumer) => (consumer === 'exit' ? collector() : twin(consumer)));
    const sides = operator.kind === 'process' ? operator.side.map((consumer) => (consumer === 'exit' ? collector() : twin(consumer))) : [];
    const emit = (value: number, timestamp: number): void => {
      for (const consumer of consumers) consumer(value, timestamp);
    };
    const emitSide = (value: number, timestamp: number): void => {
      for (const consumer of sides) consumer(value, timestamp);
    };
    return twinStep(operator, emit, emitSide);
  };
  const collector = (): ((value: number, timestamp: number) => void) => {
    const emitted: Emitted[] = [];
    exits.push(emitted);
    return (value, timestamp) => {
      emitted.push([value, timestamp]);
    };
  };
  const push = twin(head);
  inputs.forEach((value, index) => {
    push(value, index);
  });
  return exits;
}

type Push = (value: number, timestamp: number) => void;

function twinStep({ kind, n }: RandomOperator, emit: Push, emitSide: Push): Push {
  let sum = 0;
  let passed = 0;
  switch (kind) {
    case 'timestamps':
      return (value, before) => {
        const timestamp = before * 2 + value + passed;
        emit(value, timestamp);
        passed = (passed + value + timestamp) % 7;
      };
    case 'map':
      return (value, timestamp) => {
        emit(value + n, timestamp);
      };
    case 'filter':
      return (value, timestamp) => {
        if (value % (n + 1) !== 0) emit(value, timestamp);
      };
    case 'update':
      return (value, timestamp) => {
        sum += value;
        emit(sum, timestamp);
      };
    case 'twice':
      return (value, timestamp) => {
        emit(value, timestamp);
        emit(value, timestamp);
      };
    case 'process':
      return (value, timestamp) => {
        emit(value, timestamp);
        if (value % 2 === 0) emitSide(value * n, timestamp + 1);
        emit(value + 1, timestamp + 2);
      };
    case 'lateCollect':
      return (value, timestamp) => {
        for (const result of fan(n, value)) {
          emit(result, timestamp);
          emit(-result, timestamp);
        }
      };
    default:
      return (value, timestamp) => {
        for (const result of fan(n, value)) emit(result, timestamp);
      };
  }
}
