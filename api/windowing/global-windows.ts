import type { Trigger } from './trigger.js';
import { NeverTrigger } from './triggers.js';
import { WindowAssigner } from './window-assigner.js';
import { GlobalWindow } from './windows.js';

/** One window for all records of a key. It fires only by a trigger that the program gives. */
export class GlobalWindows extends WindowAssigner<unknown, GlobalWindow> {
  readonly isEventTime = false;
  readonly #windows = [GlobalWindow.get()];

  static create(): GlobalWindows {
    return new GlobalWindows();
  }

  assignWindows(): readonly GlobalWindow[] {
    return this.#windows;
  }

  getDefaultTrigger(): Trigger<unknown, GlobalWindow> {
    return new NeverTrigger();
  }

  override toString(): string {
    return 'GlobalWindows()';
  }
}
