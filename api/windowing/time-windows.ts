import { FlinkError, NO_TIMESTAMP } from '#core';
import { InvalidProgramError } from '../errors.js';
import { durationOf, type Duration } from '../time/duration.js';
import type { Trigger } from './trigger.js';
import { EventTimeTrigger, ProcessingTimeTrigger } from './triggers.js';
import { WindowAssigner, type WindowAssignerContext } from './window-assigner.js';
import { TimeWindow } from './windows.js';

/** A record that has no timestamp came to a window of event time. */
export class NoTimestampError extends FlinkError {
  constructor() {
    super({
      code: 'NO_TIMESTAMP',
      message:
        "Record has Long.MIN_VALUE timestamp (= no timestamp marker). Is the time characteristic set to 'ProcessingTime', " +
        "or did you forget to call 'DataStream.assignTimestampsAndWatermarks(...)'?",
      action: 'Give records their event time with "assignTimestampsAndWatermarks", or use windows of processing time.',
      blame: 'user',
    });
  }
}

/** Windows of a fixed size that start every `slideMs`, at times that are `offsetMs` above a multiple of it. */
abstract class AlignedWindows extends WindowAssigner<unknown, TimeWindow> {
  constructor(
    readonly sizeMs: number,
    readonly slideMs: number,
    readonly offsetMs: number,
  ) {
    super();
  }

  protected windowsAt(timestamp: number): readonly TimeWindow[] {
    const { sizeMs, slideMs, offsetMs } = this;
    const last = TimeWindow.startWithOffset(timestamp, offsetMs, slideMs);
    if (sizeMs === slideMs) return [new TimeWindow(last, last + sizeMs)];
    const windows: TimeWindow[] = [];
    for (let start = last; start > timestamp - sizeMs; start -= slideMs) windows.push(new TimeWindow(start, start + sizeMs));
    return windows;
  }

  override toString(): string {
    const { sizeMs, slideMs, offsetMs } = this;
    const sizes = sizeMs === slideMs ? `${sizeMs}` : `${sizeMs}, ${slideMs}`;
    return `${this.constructor.name}(${offsetMs === 0 ? sizes : `${sizes}, offset ${offsetMs}`})`;
  }
}

abstract class AlignedEventTimeWindows extends AlignedWindows {
  readonly isEventTime = true;

  assignWindows(_element: unknown, timestamp: number): readonly TimeWindow[] {
    if (timestamp === NO_TIMESTAMP) throw new NoTimestampError();
    return this.windowsAt(timestamp);
  }

  getDefaultTrigger(): Trigger<unknown, TimeWindow> {
    return EventTimeTrigger.create();
  }
}

abstract class AlignedProcessingTimeWindows extends AlignedWindows {
  readonly isEventTime = false;

  assignWindows(_element: unknown, _timestamp: number, context: WindowAssignerContext): readonly TimeWindow[] {
    return this.windowsAt(context.currentProcessingTime);
  }

  getDefaultTrigger(): Trigger<unknown, TimeWindow> {
    return ProcessingTimeTrigger.create();
  }
}

/** Windows of a fixed size, one after the other, in event time. */
export class TumblingEventTimeWindows extends AlignedEventTimeWindows {
  /** @param offset for windows that start elsewhere than at multiples of their size, in another time zone for example. */
  static of(size: Duration, offset: Duration = 0): TumblingEventTimeWindows {
    const [sizeMs, offsetMs] = tumbling('TumblingEventTimeWindows', size, offset);
    return new TumblingEventTimeWindows(sizeMs, sizeMs, offsetMs);
  }
}

/** Windows of a fixed size, one after the other, in processing time. */
export class TumblingProcessingTimeWindows extends AlignedProcessingTimeWindows {
  /** @param offset for windows that start elsewhere than at multiples of their size, in another time zone for example. */
  static of(size: Duration, offset: Duration = 0): TumblingProcessingTimeWindows {
    const [sizeMs, offsetMs] = tumbling('TumblingProcessingTimeWindows', size, offset);
    return new TumblingProcessingTimeWindows(sizeMs, sizeMs, offsetMs);
  }
}

/** Windows of a fixed size that start every `slide`, in event time: a record is in `size / slide` of them. */
export class SlidingEventTimeWindows extends AlignedEventTimeWindows {
  static of(size: Duration, slide: Duration, offset: Duration = 0): SlidingEventTimeWindows {
    return new SlidingEventTimeWindows(...sliding('SlidingEventTimeWindows', size, slide, offset));
  }
}

/** Windows of a fixed size that start every `slide`, in processing time: a record is in `size / slide` of them. */
export class SlidingProcessingTimeWindows extends AlignedProcessingTimeWindows {
  static of(size: Duration, slide: Duration, offset: Duration = 0): SlidingProcessingTimeWindows {
    return new SlidingProcessingTimeWindows(...sliding('SlidingProcessingTimeWindows', size, slide, offset));
  }
}

/** Both throw `InvalidProgramError` (user) for sizes that cannot be. */
function tumbling(name: string, size: Duration, offset: Duration): readonly [sizeMs: number, offsetMs: number] {
  const [sizeMs, offsetMs] = [durationOf(size), durationOf(offset)];
  if (Math.abs(offsetMs) < sizeMs) return [sizeMs, offsetMs];
  throw new InvalidProgramError(`${name} parameters must satisfy abs(offset) < size`, 'Give a size above 0 and a smaller offset.');
}

function sliding(name: string, size: Duration, slide: Duration, offset: Duration): [sizeMs: number, slideMs: number, offsetMs: number] {
  const [sizeMs, slideMs, offsetMs] = [durationOf(size), durationOf(slide), durationOf(offset)];
  if (Math.abs(offsetMs) < slideMs && sizeMs > 0) return [sizeMs, slideMs, offsetMs];
  const text = `${name} parameters must satisfy abs(offset) < slide and size > 0`;
  throw new InvalidProgramError(text, 'Give a size and a slide above 0, and an offset below the slide.');
}
