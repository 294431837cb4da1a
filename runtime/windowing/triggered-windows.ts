import { MAX_WATERMARK } from '#core';
import { TimeWindow, type KeySpec, type Trigger, type TriggerResult, type Window, type WindowAssigner, type WindowSpec } from '#api';
import type { EmitCursor, ProcessingOperator, StageOutput } from '../chain/stage.js';
import type { StageTime } from '../chain/stage-time.js';
import type { OperatorHost } from '../operators/operator-host.js';
import type { KeyedStateBackend, TimerTable } from '../state/keyed-state-backend.js';
import type { LateRecords } from './late-records.js';
import type { OperatorTime } from './operator-time.js';
import type { PaneContents } from './pane-contents.js';
import { PaneTriggerContext } from './pane-trigger-context.js';
import { AlignedPanes, MergingPanes, Pane, sameWindow, type Panes } from './panes.js';
import type { WindowEmission } from './window-emission.js';
import type { WindowStates } from './window-state.js';

export interface TriggeredWindowParts {
  readonly host: OperatorHost;
  readonly key: KeySpec;
  readonly spec: WindowSpec;
  readonly contents: PaneContents;
  readonly time: OperatorTime;
  readonly emission: WindowEmission;
  readonly late: LateRecords;
  readonly states: WindowStates;
}

/**
 * Windows of any kind, with any trigger and evictor: the general path. Each key and window has a pane with its contents, timers and the
 * state of the trigger.
 *
 * In:    keyed records.
 * Out:   the result of a window whenever its trigger says so.
 * State: the panes, and for each key the times at which it has timers. A pane is forgotten when its window, and the lateness, are over.
 */
export class TriggeredWindows implements ProcessingOperator {
  readonly time: StageTime;
  readonly #parts: TriggeredWindowParts;
  readonly #assigner: WindowAssigner<unknown, Window>;
  readonly #trigger: Trigger<unknown, Window>;
  readonly #panes: Panes;
  readonly #keyed: KeyedStateBackend;
  readonly #timers: { readonly event: TimerTable; readonly processing: TimerTable };
  readonly #context: PaneTriggerContext;

  constructor(parts: TriggeredWindowParts) {
    this.#parts = parts;
    this.#assigner = parts.spec.assigner;
    this.#trigger = parts.spec.trigger;
    this.#keyed = parts.host.keyed;
    this.#panes = this.#assigner.merges ? new MergingPanes(this.#keyed) : new AlignedPanes(this.#keyed);
    this.#timers = {
      event: this.#keyed.timers('window event-time timers'),
      processing: this.#keyed.timers('window processing-time timers'),
    };
    this.#context = new PaneTriggerContext(new Pane(new TimeWindow(0, 0)), this.#panes, this.#timers, parts.time);
    this.time = this.#stageTime();
  }

  process(value: unknown, timestamp: number, output: StageOutput): void {
    const { key, time, late, spec } = this.#parts;
    this.#keyed.setCurrentKey(key.select(value));
    const windows = this.#assigner.assignWindows(value, timestamp, { currentProcessingTime: time.processingTimeMs });
    let taken = false;
    for (const window of windows) {
      const pane = this.#assigner.merges ? this.#mergeIn(window as TimeWindow, output) : this.#paneOf(window);
      if (pane === undefined) continue;
      taken = true;
      this.#add(pane, value, timestamp, output);
    }
    const tooLate = this.#assigner.isEventTime && timestamp + spec.allowedLatenessMs <= time.watermark;
    if (!taken && tooLate) late.take(value, timestamp, output);
  }

  #add(pane: Pane, value: unknown, timestamp: number, output: StageOutput): void {
    pane.contents = this.#parts.contents.add(pane.contents, value, timestamp);
    const result = this.#trigger.onElement(value, timestamp, pane.window, this.#context.at(pane));
    this.#obey(result, pane, output);
    this.#registerCleanup(pane);
    this.#panes.save(pane);
  }

  /** The window's pane; undefined when it is too late for the window. */
  #paneOf(window: Window): Pane | undefined {
    if (this.#isOver(window)) return undefined;
    return this.#panes.find(window) ?? new Pane(window);
  }

  /** The pane of the window that this one becomes part of. */
  #mergeIn(window: TimeWindow, output: StageOutput): Pane | undefined {
    const touched = this.#panes.all().filter((pane) => window.intersects(pane.window as TimeWindow));
    const whole = touched.reduce((cover, pane) => cover.cover(pane.window as TimeWindow), window);
    const same = touched.find((pane) => sameWindow(pane.window, whole));
    if (same !== undefined) return same;
    if (touched.length === 0) return this.#isOver(window) ? undefined : new Pane(window);
    const pane = new Pane(whole);
    for (const { contents } of touched) pane.contents = this.#parts.contents.merge(pane.contents, contents);
    this.#context.merged = touched;
    this.#trigger.onMerge(whole, this.#context.at(pane));
    // timers that it has in common with its parts are not to go with them
    this.#panes.save(pane);
    for (const part of touched) this.#absorb(part, output);
    return pane;
  }

  /** Forgets a pane whose window has become part of another. */
  #absorb(pane: Pane, _output: StageOutput): void {
    this.#trigger.clear(pane.window, this.#context.at(pane));
    this.#removeTimers(pane);
    this.#panes.remove(pane);
  }

  #obey(result: TriggerResult, pane: Pane, output: StageOutput): void {
    if (result === 'FIRE' || result === 'FIRE_AND_PURGE') this.#fire(pane, output);
    if (result === 'PURGE' || result === 'FIRE_AND_PURGE') pane.contents = undefined;
  }

  #fire(pane: Pane, output: StageOutput): void {
    if (pane.contents === undefined) return;
    const { contents, emission, time } = this.#parts;
    const key = this.#keyed.currentKey;
    pane.contents = contents.fire(pane.contents, pane.window, time, (result) => {
      emission.emit(key, pane.window, result, output);
    });
  }

  /** When the window is forgotten; never for windows without an end. */
  #cleanupTime(window: Window): number {
    return this.#assigner.isEventTime ? window.maxTimestamp() + this.#parts.spec.allowedLatenessMs : window.maxTimestamp();
  }

  #isOver(window: Window): boolean {
    return this.#assigner.isEventTime && this.#cleanupTime(window) <= this.#parts.time.watermark;
  }

  #registerCleanup(pane: Pane): void {
    const time = this.#cleanupTime(pane.window);
    if (time === MAX_WATERMARK) return;
    const context = this.#context.at(pane);
    if (this.#assigner.isEventTime) context.registerEventTimeTimer(time);
    else context.registerProcessingTimeTimer(time);
  }

  #onTimer(domain: 'eventTimers' | 'processingTimers', time: number, output: StageOutput): void {
    for (const pane of this.#panes.all()) {
      const at = pane[domain].indexOf(time);
      if (at < 0) continue;
      pane[domain].splice(at, 1);
      const context = this.#context.at(pane);
      const inEventTime = domain === 'eventTimers';
      const result = inEventTime
        ? this.#trigger.onEventTime(time, pane.window, context)
        : this.#trigger.onProcessingTime(time, pane.window, context);
      this.#obey(result, pane, output);
      if (inEventTime === this.#assigner.isEventTime && time === this.#cleanupTime(pane.window)) this.#forget(pane, output);
      else this.#panes.save(pane);
    }
  }

  #forget(pane: Pane, output: StageOutput): void {
    this.#trigger.clear(pane.window, this.#context.at(pane));
    this.#parts.emission.clear(this.#keyed.currentKey, pane.window, output);
    this.#removeTimers(pane);
    this.#panes.remove(pane);
  }

  #removeTimers(pane: Pane): void {
    const context = this.#context.at(pane);
    for (const time of [...pane.eventTimers]) context.deleteEventTimeTimer(time);
    for (const time of [...pane.processingTimers]) context.deleteProcessingTimeTimer(time);
  }

  #firing(
    domain: 'eventTimers' | 'processingTimers',
    timers: TimerTable,
    until: number,
    output: StageOutput,
    finish: () => void,
  ): EmitCursor | undefined {
    if (timers.nextTime > until) {
      finish();
      return undefined;
    }
    const { gate } = this.#parts.host;
    return () => {
      while (!gate.blocked) {
        const time = timers.takeDue(until);
        if (time === undefined) {
          finish();
          return true;
        }
        this.#onTimer(domain, time, output);
      }
      return false;
    };
  }

  #stageTime(): StageTime {
    const { event, processing } = this.#timers;
    const { time, states, spec } = this.#parts;
    return {
      passesWatermarks: true,
      // a timer rings when its ms is over
      get nextProcessingTimeMs() {
        return processing.nextTime + 1;
      },
      advance: (watermark, output) => {
        time.advance(watermark);
        return this.#firing('eventTimers', event, watermark, output, () => {
          if (spec.assigner.isEventTime) states.dropUntil(watermark + 1 - spec.allowedLatenessMs);
        });
      },
      onProcessingTime: (nowMs, output) =>
        this.#firing('processingTimers', processing, nowMs - 1, output, () => {
          if (!spec.assigner.isEventTime) states.dropUntil(nowMs);
        }),
    };
  }
}
