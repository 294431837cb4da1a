import type { BlobKey } from '#core';
import type { StreamGraph } from '#api';
import type { ProgramReference } from '../../plan/job-graph.js';
import { graphOfMain, type Main } from './graph-of-main.js';

const WHERE = 'flink-ts testing programs';

interface Programs {
  next: number;
  readonly mains: Map<number, Main>;
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

  constructor(private readonly main: Main) {
    const { mains } = programs();
    this.#number = programs().next++;
    mains.set(this.#number, main);
    this.bundle = Buffer.from(`await globalThis[Symbol.for(${JSON.stringify(WHERE)})].mains.get(${this.#number})();\n`);
  }

  /** A URL that can be imported any number of times, with differing fragments; each import runs it. */
  get url(): string {
    return `data:text/javascript,${encodeURIComponent(this.bundle.toString())}`;
  }

  /** Runs it up to its `execute`: answers the graph. Throws what it throws. */
  async graph(reference: ProgramReference): Promise<StreamGraph> {
    return await graphOfMain(this.main, reference);
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
