import type { Duration } from '../time/duration.js';
import type { TimeCharacteristic } from '../time/time-characteristic.js';
import type { Evictor } from '../windowing/evictor.js';
import { CountEvictor } from '../windowing/evictors.js';
import {
  SlidingEventTimeWindows,
  SlidingProcessingTimeWindows,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
} from '../windowing/time-windows.js';
import type { Trigger } from '../windowing/trigger.js';
import { CountTrigger, PurgingTrigger } from '../windowing/triggers.js';
import type { WindowAssigner } from '../windowing/window-assigner.js';
import type { GlobalWindow, TimeWindow, Window } from '../windowing/windows.js';

/** The windows that `timeWindow` stands for. */
export function timeWindows(time: TimeCharacteristic, size: Duration, slide: Duration | undefined): WindowAssigner<unknown, TimeWindow> {
  if (time === 'ProcessingTime') {
    return slide === undefined ? TumblingProcessingTimeWindows.of(size) : SlidingProcessingTimeWindows.of(size, slide);
  }
  return slide === undefined ? TumblingEventTimeWindows.of(size) : SlidingEventTimeWindows.of(size, slide);
}

/** A stream with windows, to be set up. */
interface GlobalWindows {
  trigger(trigger: Trigger<unknown, Window>): this;
  evictor(evictor: Evictor<unknown, GlobalWindow>): this;
}

/** The settings that `countWindow` stands for. */
export function countWindows<S extends GlobalWindows>(windows: S, size: number, slide: number | undefined): S {
  if (slide === undefined) return windows.trigger(PurgingTrigger.of(CountTrigger.of(size)));
  return windows.evictor(CountEvictor.of(size)).trigger(CountTrigger.of(slide));
}
