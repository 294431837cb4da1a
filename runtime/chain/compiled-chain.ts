import type { ChainFunctions, ChainGate, ChainPlan, ChainTarget, DeferredEmissions } from './chain-plan.js';
import type { Stage } from './stage.js';

/**
 * A chain as one generated function per entry: operators are fused where they are plain functions, so that every call in it
 * is seen with one shape only, whatever else runs in the slot. For `source -> map -> filter -> flatMap -> exit` it reads
 *
 * ```
 * let t3 = 0; const c3 = { collect(v) { x0.emit(v, t3); } };
 * function flat3(v, t) { t3 = t; const rest = f3(v, c3); if (isList(rest)) list3(rest, 0, t); else if (rest !== undefined) … }
 * function list3(list, i, t) { for (; i < list.length; i++) { if (gate.blocked) return list3Later(list, i, t); x0.emit(list[i], t); } }
 * function in0_0(v, t) { const r1 = f1(v); if (f2(r1)) { if (gate.blocked && !deferred.empty) put3Off(r1, t); else flat3(r1, t); } }
 * ```
 *
 * Every stage stands on lines of its own, and the function has a name of its own in stack traces: so an error tells its stage.
 */
export function compiledChain(plan: ChainPlan, gate: ChainGate, deferred: DeferredEmissions): ChainFunctions {
  const source = new ChainSource(plan);
  const text = source.text();
  const build = new Function('functions', 'operators', 'exits', 'gate', 'deferred', 'isList', text) as ChainBuilder;
  const built = build(plan.stages.map(callOf), plan.stages.map(operatorOf), source.exits, gate, deferred, isList);
  return { ...built, stageOf: (error) => stageFromStack(error, source) };
}

type ChainBuilder = (
  functions: readonly unknown[],
  operators: readonly unknown[],
  exits: readonly unknown[],
  gate: ChainGate,
  deferred: DeferredEmissions,
  isListFunction: typeof isList,
) => Pick<ChainFunctions, 'inputs' | 'outputs'>;

const listIterator = Array.prototype[Symbol.iterator];

/** An array that is read as arrays are: then an index does, which costs a fraction of what its iterator would. */
function isList(results: Iterable<unknown> | undefined): boolean {
  return Array.isArray(results) && results[Symbol.iterator] === listIterator;
}

let chainsCompiled = 0;

function callOf({ body }: Stage): unknown {
  return 'call' in body ? body.call : undefined;
}

function operatorOf({ body }: Stage): unknown {
  if (body.form === 'sink') return body.writer;
  return 'operator' in body ? body.operator : undefined;
}

/** The first line of generated code in the stack, the innermost one, is the stage that called the failing function. */
function stageFromStack(error: unknown, source: ChainSource): Stage | undefined {
  if (!(error instanceof Error) || error.stack === undefined) return undefined;
  const at = error.stack.indexOf(source.url);
  const line = at < 0 ? undefined : /^:(\d+)/.exec(error.stack.slice(at + source.url.length))?.[1];
  return line === undefined ? undefined : source.stageAtLine(Number(line));
}

/** Lines that V8 puts before the body of a function made by `new Function`. */
const LINES_BEFORE_BODY = 2;

class ChainSource {
  readonly url = `flink-ts-chain-${++chainsCompiled}.js`;
  readonly exits: readonly unknown[];
  readonly #lines: string[] = [];
  readonly #stages: (Stage | undefined)[] = [];

  constructor(private readonly plan: ChainPlan) {
    const exits = plan.targets.flat().flatMap((target) => (target.kind === 'exit' ? [target.exit] : []));
    this.exits = [...new Set(exits)];
  }

  text(): string {
    this.#line(undefined, '"use strict";');
    this.#line(undefined, this.#exitNames());
    // consumers before producers, so that every function is defined where it is used
    for (let index = this.plan.stages.length - 1; index >= 0; index--) this.#stage(index);
    const head = this.plan.stages[0]?.body.form === 'twoInputs' ? ['in0_0', 'in0_1'] : ['in0_0'];
    const outputs = this.plan.stages.map((_, index) => `out${index}`);
    this.#line(undefined, `return { inputs: [${head.join(', ')}], outputs: [${outputs.join(', ')}] };`);
    return `${this.#lines.join('\n')}\n//# sourceURL=${this.url}`;
  }

  stageAtLine(line: number): Stage | undefined {
    return this.#stages[line - 1 - LINES_BEFORE_BODY];
  }

  #line(stage: number | undefined, text: string): void {
    this.#lines.push(text);
    this.#stages.push(stage === undefined ? undefined : this.plan.stages[stage]);
  }

  /** Defines the stage's operator, its output, what it needs beside, and its entry functions. */
  #stage(index: number): void {
    const { body } = this.plan.stages[index] as Stage;
    this.#line(index, `const f${index} = functions[${index}], o${index} = operators[${index}];`);
    this.#output(index);
    if (body.form === 'flatMap') this.#flatMapParts(index);
    if (index > 0) return;
    this.#entry(index, 0, body.form === 'twoInputs' ? `o${index}.process1(v, t, out${index});` : undefined);
    if (body.form === 'twoInputs') this.#entry(index, 1, `o${index}.process2(v, t, out${index});`);
  }

  #exitNames(): string {
    return this.exits.map((_, exit) => `const x${exit} = exits[${exit}];`).join(' ');
  }

  #entry(index: number, input: number, call: string | undefined): void {
    this.#line(index, `function in${index}_${input}(v, t) {`);
    if (call === undefined) this.#inline(index, 'v', 't');
    else this.#line(index, call);
    this.#line(index, '}');
  }

  #output(index: number): void {
    const targets = this.plan.targets[index] ?? [];
    this.#line(index, `const out${index} = { emit(v, t) {`);
    this.#sendAll(
      index,
      targets.filter((target) => target.tag === undefined),
      'v',
      't',
    );
    this.#line(index, '}, emitTo(tag, v, t) {');
    for (const tag of new Set(targets.map((target) => target.tag))) {
      if (tag === undefined) continue;
      this.#line(index, `if (tag === ${JSON.stringify(tag)}) {`);
      this.#sendAll(
        index,
        targets.filter((target) => target.tag === tag),
        'v',
        't',
      );
      this.#line(index, '}');
    }
    this.#line(index, '} };');
  }

  #flatMapParts(index: number): void {
    this.#line(index, `let t${index} = 0; const c${index} = { collect(v) {`);
    this.#sendAll(index, this.#mainTargets(index), 'v', `t${index}`);
    this.#line(index, '} };');
    this.#drains(index);
    this.#line(index, `function flat${index}(v, t) { t${index} = t; const rest = f${index}(v, c${index});`);
    this.#line(
      index,
      `if (isList(rest)) list${index}(rest, 0, t); else if (rest !== undefined) drain${index}(rest[Symbol.iterator](), t); }`,
    );
    this.#line(index, `function put${index}Off(v, t) { deferred.defer(() => flat${index}(v, t)); }`);
  }

  /** What emits the results of a call, from where it stands until the gate closes; closures are made only then. */
  #drains(index: number): void {
    this.#line(index, `function drain${index}Later(rest, t) { deferred.defer(() => drain${index}(rest, t)); }`);
    this.#line(index, `function drain${index}(rest, t) { t${index} = t; while (true) {`);
    this.#line(index, `if (gate.blocked) { drain${index}Later(rest, t); return; }`);
    this.#line(index, 'const next = rest.next(); if (next.done === true) return; const v = next.value;');
    this.#sendAll(index, this.#mainTargets(index), 'v', 't');
    this.#line(index, '} }');
    this.#line(index, `function list${index}Later(list, i, t) { deferred.defer(() => list${index}(list, i, t)); }`);
    this.#line(index, `function list${index}(list, i, t) { for (; i < list.length; i++) {`);
    this.#line(index, `if (gate.blocked) { list${index}Later(list, i, t); return; }`);
    this.#line(index, 'const v = list[i];');
    this.#sendAll(index, this.#mainTargets(index), 'v', 't');
    this.#line(index, '} }');
  }

  #mainTargets(index: number): readonly ChainTarget[] {
    return (this.plan.targets[index] ?? []).filter((target) => target.tag === undefined);
  }

  /** The code that hands a record to all of the targets. */
  #sendAll(from: number, targets: readonly ChainTarget[], value: string, timestamp: string): void {
    for (const target of targets) {
      if (target.kind === 'stage') {
        this.#line(target.stage, '{');
        this.#inline(target.stage, value, timestamp);
        this.#line(target.stage, '}');
      } else {
        const exit = `x${this.exits.indexOf(target.exit)}`;
        this.#line(from, `${exit}.emit(${value}, ${timestamp});`);
      }
    }
  }

  /** The code of a stage with its input at hand, its consumers inlined behind it. */
  #inline(index: number, value: string, timestamp: string): void {
    const { body } = this.plan.stages[index] as Stage;
    const result = `r${index}`;
    switch (body.form) {
      case 'source':
        this.#sendAll(index, this.#mainTargets(index), value, timestamp);
        return;
      case 'map':
        this.#line(index, `const ${result} = f${index}(${value});`);
        break;
      case 'update':
        this.#line(index, `const ${result} = o${index}.update(${value});`);
        break;
      case 'filter':
        this.#line(index, `if (f${index}(${value})) {`);
        this.#sendAll(index, this.#mainTargets(index), value, timestamp);
        this.#line(index, '}');
        return;
      case 'flatMap':
        this.#line(
          index,
          `if (gate.blocked && !deferred.empty) put${index}Off(${value}, ${timestamp}); else flat${index}(${value}, ${timestamp});`,
        );
        return;
      case 'absorb':
        this.#line(index, `o${index}.absorb(${value});`);
        return;
      case 'process':
        this.#line(index, `o${index}.process(${value}, ${timestamp}, out${index});`);
        return;
      case 'timestamps':
        this.#line(index, `const t${index} = o${index}.timestampOf(${value}, ${timestamp});`);
        this.#sendAll(index, this.#mainTargets(index), value, `t${index}`);
        this.#line(index, `o${index}.passed(${value}, t${index});`);
        return;
      case 'sink':
        this.#line(index, `o${index}.write(${value}, ${timestamp}); if (o${index}.blocked) gate.blocked = true;`);
        return;
      case 'twoInputs':
        this.#line(index, `o${index}.process1(${value}, ${timestamp}, out${index});`);
        return;
    }
    this.#sendAll(index, this.#mainTargets(index), result, timestamp);
  }
}
