import type { CoElement } from '../graph/window-spec.js';
import type { Duration } from '../time/duration.js';
import type { Evictor } from '../windowing/evictor.js';
import type { Trigger } from '../windowing/trigger.js';
import type { Window } from '../windowing/windows.js';
import type { CoWindows } from './co-windows.js';
import type { WindowOperation } from './window-operation.js';

/** Two streams in windows that they share. Settings can be chained. */
export abstract class CoWindowedStreams<A, B, W extends Window> {
  constructor(
    protected readonly streams: CoWindows,
    protected readonly windows: WindowOperation,
  ) {}

  /** When windows fire; by default the assigner says it. */
  trigger(trigger: Trigger<CoElement<A, B>, W>): this {
    this.windows.setTrigger(trigger as Trigger<unknown, Window>);
    return this;
  }

  /** Removes records of either stream when a window fires. */
  evictor(evictor: Evictor<CoElement<A, B>, W>): this {
    this.windows.setEvictor(evictor as Evictor<unknown, Window>);
    return this;
  }

  /** How long after its end a window takes late records; each fires it again. */
  allowedLateness(lateness: Duration): this {
    this.windows.setAllowedLateness(lateness);
    return this;
  }
}
