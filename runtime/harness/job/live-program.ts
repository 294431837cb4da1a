import type { BlobKey } from '#core';
import { executorProvider, installExecutorProvider, type JobClient, type StreamGraph } from '#api';
import type { ProgramReference } from '../../plan/job-graph.js';
import { applyMainConditions } from '../../program/determinism.js';
import { runMain } from '../../program/replay.js';

const WHERE = 'flink-ts testing programs';

interface Programs {
  next: number;
  readonly mains: Map<number, () => Promise<unknown>>;
}

/** The modules behind the bundles find the programs here. */
function programs(): Programs {
  const symbol = Symbol.for(WHERE);
  const global = globalThis as unknown as Record<symbol, Programs | undefined>;
  return (global[symbol] ??= { next: 1, mains: new Map() });
}

/** A program that is a function of the test: every run of its bundle in this thread calls it, with what it has closed over. */
export class LiveProgram {
  readonly #number: number;
  readonly bundle: Buffer;

  constructor(main: () => Promise<unknown>) {
    const { mains } = programs();
    this.#number = programs().next++;
    mains.set(this.#number, main);
    this.bundle = Buffer.from(`await globalThis[Symbol.for(${JSON.stringify(WHERE)})].mains.get(${this.#number})();\n`);
  }

  /** Runs it up to its `execute`: answers the graph. Throws what it throws. */
  async graph(reference: ProgramReference): Promise<StreamGraph> {
    const before = executorProvider();
    const undo = applyMainConditions(reference);
    try {
      return await new Promise<StreamGraph>((found, failed) => {
        const executor = { submit: (graph: StreamGraph) => (found(graph), endless<JobClient>()), once: unsupported };
        const { defaultParallelism, configuration } = reference;
        installExecutorProvider({
          defaults: () => ({ parallelism: defaultParallelism, configuration }),
          executor: () => Promise.resolve(executor),
        });
        runMain(`data:text/javascript,${encodeURIComponent(this.bundle.toString())}`, reference).catch(failed);
      });
    } finally {
      undo();
      installExecutorProvider(before);
    }
  }

  reference(bundle: BlobKey, parallelism: number, configuration: Readonly<Record<string, string>>): ProgramReference {
    return {
      bundle,
      file: 'the program of the test',
      args: [],
      entry: undefined,
      executionIndex: 0,
      clockStartMs: Date.now(),
      randomSeed: 1,
      environment: {},
      defaultParallelism: parallelism,
      configuration,
      onceResults: [],
      earlierResults: [],
    };
  }

  forget(): void {
    programs().mains.delete(this.#number);
  }
}

function endless<T>(): Promise<T> {
  return new Promise<T>(() => {
    // the program stays at this call, as in a slot
  });
}

function unsupported<T>(): Promise<T> {
  return Promise.reject(new TypeError('"env.once" is not for programs of the job harness: do it before'));
}
