import { type ChainPlan, DeferredEmissions } from './chain-plan.js';
import { compiledChain } from './compiled-chain.js';
import type { Stage } from './stage.js';

/* CPU ns for each result of a flatMap in a compiled chain, by the way its results come out of the call. */

const CALLS = 1_000_000;
const RESULTS = 8;
const ROUNDS = 5;

class CountingExit {
  sum = 0;

  emit(value: unknown): void {
    this.sum += value as number;
  }
}

type FlatMap = Extract<Stage['body'], { form: 'flatMap' }>['call'];

const numbers = (value: unknown): number[] => Array.from({ length: RESULTS }, (_, index) => (value as number) + index);
const once = numbers(1);

const FLAT_MAPS: Readonly<Record<string, FlatMap>> = {
  'an array, made before': () => once,
  'an array': (value) => {
    const first = value as number;
    return [first, first + 1, first + 2, first + 3, first + 4, first + 5, first + 6, first + 7];
  },
  'a set, made before': () => kept,
  collected: (value, out) => {
    for (let index = 0; index < RESULTS; index++) out.collect((value as number) + index);
  },
};
const kept = new Set(once);

function chainOf(call: FlatMap, exit: CountingExit): (value: unknown, timestamp: number) => void {
  const life = { open: () => Promise.resolve(), endOfInput: () => undefined, close: () => Promise.resolve() };
  const plan: ChainPlan = {
    name: 'bench',
    stages: [
      { nodeId: 1, name: 'fan', body: { form: 'flatMap', call }, ...life },
      { nodeId: 2, name: 'map', body: { form: 'map', call: (value) => (value as number) + 1 }, ...life },
    ],
    targets: [[{ kind: 'stage', stage: 1, tag: undefined }], [{ kind: 'exit', exit, tag: undefined }]],
  };
  return compiledChain(plan, { blocked: false }, new DeferredEmissions()).inputs[0]!;
}

for (const [how, call] of Object.entries(FLAT_MAPS)) {
  const exit = new CountingExit();
  const push = chainOf(call, exit);
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    exit.sum = 0;
    const before = process.cpuUsage();
    for (let value = 0; value < CALLS; value++) push(1, value);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, ((user + system) * 1000) / (CALLS * RESULTS));
    const expected = CALLS * numbers(2).reduce((sum, number) => sum + number, 0);
    if (exit.sum !== expected) throw new Error(`the results add up to ${exit.sum}, not to ${expected}`);
  }
  process.stdout.write(`flatMap, ${how}: ${best.toFixed(1)} CPU ns a result\n`);
}
