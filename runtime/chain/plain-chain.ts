import type { ChainFunctions, ChainGate, ChainPlan, ChainTarget, DeferredEmissions } from './chain-plan.js';
import type { Stage, StageOutput } from './stage.js';

type Push = (value: unknown, timestamp: number) => void;

/**
 * A chain as plain closures, one an operator: the oracle of the compiled form, and the form to step through in a debugger.
 */
export function plainChain(plan: ChainPlan, gate: ChainGate, deferred: DeferredEmissions): ChainFunctions {
  const outputs: StageOutput[] = [];
  const pushes: Push[][] = [];
  for (let index = plan.stages.length - 1; index >= 0; index--) {
    const stage = plan.stages[index] as Stage;
    const output = outputOf(plan.targets[index] ?? [], pushes);
    outputs[index] = output;
    pushes[index] = pushesOf(stage, output, gate, deferred);
  }
  return { inputs: pushes[0] ?? [], outputs, stageOf: () => undefined };
}

function outputOf(targets: readonly ChainTarget[], pushes: readonly Push[][]): StageOutput {
  const tags = [...new Set(targets.map((target) => target.tag))];
  const byTag = new Map(tags.map((tag) => [tag, targets.filter((target) => target.tag === tag).map((target) => pushTo(target, pushes))]));
  const sendAll = (tag: string | undefined, value: unknown, timestamp: number): void => {
    for (const push of byTag.get(tag) ?? []) push(value, timestamp);
  };
  return {
    emit: (value, timestamp) => {
      sendAll(undefined, value, timestamp);
    },
    emitTo: (tag, value, timestamp) => {
      sendAll(tag, value, timestamp);
    },
  };
}

function pushTo(target: ChainTarget, pushes: readonly Push[][]): Push {
  if (target.kind === 'stage') {
    return (value, timestamp) => {
      pushes[target.stage]?.[0]?.(value, timestamp);
    };
  }
  return (value, timestamp) => {
    target.exit.emit(value, timestamp);
  };
}

function pushesOf({ body }: Stage, output: StageOutput, gate: ChainGate, deferred: DeferredEmissions): Push[] {
  switch (body.form) {
    case 'source':
      return [
        (value, timestamp) => {
          output.emit(value, timestamp);
        },
      ];
    case 'map':
      return [
        (value, timestamp) => {
          output.emit(body.call(value), timestamp);
        },
      ];
    case 'filter':
      return [
        (value, timestamp) => {
          if (body.call(value)) output.emit(value, timestamp);
        },
      ];
    case 'flatMap':
      return [flatMapPush(body.call, output, gate, deferred)];
    case 'update':
      return [
        (value, timestamp) => {
          output.emit(body.operator.update(value), timestamp);
        },
      ];
    case 'absorb':
      return [
        (value) => {
          body.operator.absorb(value);
        },
      ];
    case 'process':
      return [
        (value, timestamp) => {
          body.operator.process(value, timestamp, output);
        },
      ];
    case 'timestamps':
      return [
        (value, before) => {
          const timestamp = body.operator.timestampOf(value, before);
          output.emit(value, timestamp);
          body.operator.passed(value, timestamp);
        },
      ];
    case 'twoInputs':
      return [
        (value, timestamp) => {
          body.operator.process1(value, timestamp, output);
        },
        (value, timestamp) => {
          body.operator.process2(value, timestamp, output);
        },
      ];
    case 'sink':
      return [
        (value, timestamp) => {
          body.writer.write(value, timestamp);
          if (body.writer.blocked) gate.blocked = true;
        },
      ];
  }
}

function flatMapPush(
  call: Extract<Stage['body'], { form: 'flatMap' }>['call'],
  output: StageOutput,
  gate: ChainGate,
  deferred: DeferredEmissions,
): Push {
  const drain = (rest: Iterator<unknown>, timestamp: number): void => {
    while (true) {
      if (gate.blocked) {
        deferred.defer(() => {
          drain(rest, timestamp);
        });
        return;
      }
      const next = rest.next();
      if (next.done === true) return;
      output.emit(next.value, timestamp);
    }
  };
  const push = (value: unknown, timestamp: number): void => {
    const results = call(value, {
      collect: (result) => {
        output.emit(result, timestamp);
      },
    });
    if (results !== undefined) drain(results[Symbol.iterator](), timestamp);
  };
  return (value, timestamp) => {
    if (gate.blocked && !deferred.empty) {
      deferred.defer(() => {
        push(value, timestamp);
      });
    } else push(value, timestamp);
  };
}
