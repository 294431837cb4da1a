import type { Boundedness, Source, SourceReader, SourceReaderContext } from '../connector/source.js';
import { GeneratorReader } from './generator-reader.js';
import { SourceFunctionReader } from './source-function-reader.js';
import type { GeneratorFunction, SourceFunction } from './source-function.js';

export interface GeneratorFunctionSourceOptions {
  /** Whether several subtasks run the function side by side. By default it runs once. */
  readonly parallel?: boolean;
  /** By default unbounded: nothing tells whether the function will end. */
  readonly boundedness?: Boundedness;
}

/** Emits what a generator function of the program yields, or what an object with `run` collects. */
export class GeneratorFunctionSource<T> implements Source<T> {
  readonly boundedness: Boundedness;
  readonly parallel: boolean;
  readonly #function: GeneratorFunction<T> | SourceFunction<T>;

  constructor(source: GeneratorFunction<T> | SourceFunction<T>, options: GeneratorFunctionSourceOptions = {}) {
    this.#function = source;
    this.parallel = options.parallel ?? false;
    this.boundedness = options.boundedness ?? 'unbounded';
  }

  createReader(context: SourceReaderContext): SourceReader<T> {
    return typeof this.#function === 'function'
      ? new GeneratorReader<T>(context, this.#function)
      : new SourceFunctionReader<T>(context, this.#function);
  }

  checkpointed(): object | undefined {
    return typeof this.#function === 'function' ? undefined : this.#function;
  }
}
