import { NO_TIMESTAMP } from '#core';
import {
  type Collector,
  GlobalWindow,
  InvalidProgramError,
  type KeyedStateStore,
  type OutputTag,
  type ProcessWindowContext,
  type Window,
  type WindowResult,
} from '#api';
import type { StageOutput } from '../chain/stage.js';
import type { OperatorHost } from '../operators/operator-host.js';
import { backendStateStore } from './backend-state-store.js';
import type { Contents } from './contents.js';
import type { OperatorTime } from './operator-time.js';

/** Gives out the result of a window: as it is, or through the program's window function. */
export interface WindowEmission {
  /** @param result of the contents: see `Contents.result`. */
  emit(key: unknown, window: Window, result: unknown, output: StageOutput): void;
  /** The window of the key is forgotten. */
  clear(key: unknown, window: Window, output: StageOutput): void;
}

export interface EmissionParts {
  readonly host: OperatorHost;
  readonly result: WindowResult;
  readonly contents: Contents;
  readonly time: OperatorTime;
  /** State of the key and window at hand; it throws for windows that merge. */
  readonly windowState: (window: Window) => KeyedStateStore;
}

export function windowEmission(parts: EmissionParts): WindowEmission {
  if (parts.result === undefined) return PLAIN;
  return parts.result.kind === 'window'
    ? new WindowFunctionEmission(parts, parts.result.apply)
    : new ProcessWindowEmission(parts, parts.result.process);
}

const PLAIN: WindowEmission = {
  emit: (_key, window, result, output) => {
    output.emit(result, window.maxTimestamp());
  },
  clear: () => undefined,
};

/** What window functions may call. */
class WindowCollector implements Collector<unknown> {
  timestamp = NO_TIMESTAMP;
  stageOutput: StageOutput | undefined;

  collect(value: unknown): void {
    this.stageOutput?.emit(value, this.timestamp);
  }
}

/** The records that a window function is given. */
function recordsOf(result: unknown, { isList }: Contents): Iterable<unknown> {
  return isList ? (result as unknown[]) : [result];
}

class WindowFunctionEmission implements WindowEmission {
  readonly #collector = new WindowCollector();

  constructor(
    private readonly parts: EmissionParts,
    private readonly apply: Extract<WindowResult, { kind: 'window' }>['apply'],
  ) {}

  emit(key: unknown, window: Window, result: unknown, output: StageOutput): void {
    const { host, contents } = this.parts;
    host.keyed.setCurrentKey(key);
    this.#collector.stageOutput = output;
    this.#collector.timestamp = window.maxTimestamp();
    this.apply(key, window, recordsOf(result, contents), this.#collector);
  }

  clear(): void {}
}

class ProcessWindowEmission implements WindowEmission, ProcessWindowContext<Window> {
  readonly #collector = new WindowCollector();
  readonly #globalState: KeyedStateStore;
  #window: Window = GlobalWindow.get();

  constructor(
    private readonly parts: EmissionParts,
    private readonly fn: Extract<WindowResult, { kind: 'process' }>['process'],
  ) {
    this.#globalState = backendStateStore(parts.host.keyed);
  }

  get window(): Window {
    return this.#window;
  }

  get currentProcessingTime(): number {
    return this.parts.time.processingTimeMs;
  }

  get currentWatermark(): number {
    return this.parts.time.watermark;
  }

  windowState(): KeyedStateStore {
    return this.parts.windowState(this.#window);
  }

  globalState(): KeyedStateStore {
    return this.#globalState;
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.#collector.stageOutput?.emitTo(tag.id, value, this.#collector.timestamp);
  }

  emit(key: unknown, window: Window, result: unknown, output: StageOutput): void {
    this.#at(key, window, output);
    this.fn.process(key, this, recordsOf(result, this.parts.contents), this.#collector);
  }

  clear(key: unknown, window: Window, output: StageOutput): void {
    if (this.fn.clear === undefined) return;
    this.#at(key, window, output);
    this.fn.clear(this);
  }

  #at(key: unknown, window: Window, output: StageOutput): void {
    this.parts.host.keyed.setCurrentKey(key);
    this.#window = window;
    this.#collector.stageOutput = output;
    this.#collector.timestamp = window.maxTimestamp();
  }
}

/** State of a window that may become part of another has no place. */
export function noWindowState(): never {
  throw new InvalidProgramError('Per-window state is not allowed when using merging windows.', 'Use "globalState()".');
}
