import { MAX_WATERMARK, MIN_WATERMARK } from '#core';
import type { Collector, KeySpec, OnMergeContext, TimestampedValue, TimeWindow, TriggerResult, Window, WindowSpec } from '#api';
import { cellState, mergedCells } from '../../runtime/windowing/cell-states.js';
import { contentsOf } from '../../runtime/windowing/contents.js';
import type { TimedOutput, TimedStep } from './timed-operator.js';

type Descriptor = Parameters<typeof cellState>[0];

interface TwinPane {
  readonly key: unknown;
  readonly window: Window;
  elements: TimestampedValue<unknown>[];
  /** [event time?, time] */
  timers: (readonly [eventTime: boolean, time: number])[];
  readonly states: Map<string, unknown>;
  readonly windowState: Map<string, unknown>;
}

/** Windows as they are defined: all records of each key and window in a list, timers in a list, nothing shared and nothing quick. */
export class WindowTwin {
  dropped = 0;
  #panes: TwinPane[] = [];
  #watermark = MIN_WATERMARK;
  #nowMs = 0;
  #out: TimedOutput[] = [];
  readonly #globalState = new Map<unknown, Map<string, unknown>>();

  constructor(
    private readonly spec: WindowSpec,
    private readonly key: KeySpec,
  ) {}

  step(step: TimedStep): readonly TimedOutput[] {
    this.#out = [];
    if (step.kind === 'record') this.#record(step.value, step.timestamp);
    else if (step.kind === 'watermark') {
      this.#watermark = step.watermark;
      this.#ring(true, step.watermark);
    } else {
      this.#nowMs += step.byMs;
      this.#ring(false, this.#nowMs - 1);
    }
    return this.#out;
  }

  #record(value: unknown, timestamp: number): void {
    const { assigner, allowedLatenessMs, lateDataTag } = this.spec;
    const key = this.key.select(value);
    let taken = false;
    for (const window of assigner.assignWindows(value, timestamp, { currentProcessingTime: this.#nowMs })) {
      const pane = assigner.merges ? this.#merge(key, window as TimeWindow) : this.#paneOf(key, window);
      if (pane === undefined) continue;
      taken = true;
      pane.elements.push({ value, timestamp });
      this.#obey(pane, this.spec.trigger.onElement(value, timestamp, pane.window, this.#context(pane)));
      const end = this.#cleanupTime(pane.window);
      if (end !== MAX_WATERMARK) addTimer(pane, assigner.isEventTime, end);
    }
    if (taken || !assigner.isEventTime || timestamp + allowedLatenessMs > this.#watermark) return;
    if (lateDataTag === undefined) this.dropped++;
    else this.#out.push({ value, timestamp, tag: lateDataTag });
  }

  #paneOf(key: unknown, window: Window): TwinPane | undefined {
    if (this.#isOver(window)) return undefined;
    return this.#panes.find((pane) => pane.key === key && pane.window.toString() === window.toString()) ?? this.#newPane(key, window);
  }

  #newPane(key: unknown, window: Window): TwinPane {
    const pane: TwinPane = { key, window, elements: [], timers: [], states: new Map(), windowState: new Map() };
    this.#panes.push(pane);
    return pane;
  }

  #merge(key: unknown, window: TimeWindow): TwinPane | undefined {
    const touched = this.#panes.filter((pane) => pane.key === key && window.intersects(pane.window as TimeWindow));
    const whole = touched.reduce((cover, pane) => cover.cover(pane.window as TimeWindow), window);
    const same = touched.find((pane) => pane.window.toString() === whole.toString());
    if (same !== undefined) return same;
    if (touched.length === 0) return this.#isOver(window) ? undefined : this.#newPane(key, window);
    const pane = this.#newPane(key, whole);
    pane.elements = touched.flatMap(({ elements }) => elements);
    this.spec.trigger.onMerge(whole, this.#context(pane, touched));
    this.#panes = this.#panes.filter((other) => !touched.includes(other));
    return pane;
  }

  #obey(pane: TwinPane, result: TriggerResult): void {
    if ((result === 'FIRE' || result === 'FIRE_AND_PURGE') && pane.elements.length > 0) this.#fire(pane);
    if (result === 'PURGE' || result === 'FIRE_AND_PURGE') pane.elements = [];
  }

  #fire(pane: TwinPane): void {
    const { evictor } = this.spec;
    const context = { currentProcessingTime: this.#nowMs, currentWatermark: this.#watermark };
    const elements = [...pane.elements];
    evictor?.evictBefore(elements, elements.length, pane.window, context);
    this.#emit(
      pane,
      elements.map(({ value }) => value),
    );
    evictor?.evictAfter(elements, elements.length, pane.window, context);
    if (evictor !== undefined) pane.elements = elements;
  }

  #emit(pane: TwinPane, values: readonly unknown[]): void {
    const contents = contentsOf(this.spec.contents);
    if (values.length === 0 && !contents.isList) return;
    const [first, ...others] = values;
    const result = contents.isList
      ? [...values]
      : contents.result(others.reduce((sum: unknown, value) => contents.add(sum, value), contents.first(first)));
    const timestamp = pane.window.maxTimestamp();
    const out: Collector<unknown> = {
      collect: (value) => {
        this.#out.push({ value, timestamp });
      },
    };
    this.#apply(pane, result, contents.isList ? (result as unknown[]) : [result], out);
  }

  #apply(pane: TwinPane, result: unknown, records: readonly unknown[], out: Collector<unknown>): void {
    const given = this.spec.result;
    if (given === undefined) out.collect(result);
    else if (given.kind === 'window') given.apply(pane.key, pane.window, records, out);
    else {
      const global = this.#globalState.get(pane.key) ?? new Map<string, unknown>();
      this.#globalState.set(pane.key, global);
      const store = (map: Map<string, unknown>): never => ({ getState: (descriptor: Descriptor) => stateIn(map, descriptor) }) as never;
      given.process.process(
        pane.key,
        {
          window: pane.window,
          currentProcessingTime: this.#nowMs,
          currentWatermark: this.#watermark,
          windowState: () => store(pane.windowState),
          globalState: () => store(global),
          output: (tag, value) => {
            this.#out.push({ value, timestamp: pane.window.maxTimestamp(), tag: tag.id });
          },
        },
        records,
        out,
      );
    }
  }

  #ring(eventTime: boolean, until: number): void {
    for (;;) {
      const due = this.#panes
        .flatMap((pane) => pane.timers.map((timer) => ({ pane, timer })))
        .filter(({ timer: [inEventTime, time] }) => inEventTime === eventTime && time <= until)
        .sort((a, b) => a.timer[1] - b.timer[1])[0];
      if (due === undefined) return;
      const { pane, timer } = due;
      pane.timers.splice(pane.timers.indexOf(timer), 1);
      const { trigger, assigner } = this.spec;
      const context = this.#context(pane);
      this.#obey(
        pane,
        eventTime ? trigger.onEventTime(timer[1], pane.window, context) : trigger.onProcessingTime(timer[1], pane.window, context),
      );
      const over = eventTime === assigner.isEventTime && timer[1] === this.#cleanupTime(pane.window);
      if (over) this.#panes.splice(this.#panes.indexOf(pane), 1);
    }
  }

  #cleanupTime(window: Window): number {
    return this.spec.assigner.isEventTime ? window.maxTimestamp() + this.spec.allowedLatenessMs : window.maxTimestamp();
  }

  #isOver(window: Window): boolean {
    return this.spec.assigner.isEventTime && this.#cleanupTime(window) <= this.#watermark;
  }

  #context(pane: TwinPane, merged: readonly TwinPane[] = []): OnMergeContext {
    return {
      currentProcessingTime: this.#nowMs,
      currentWatermark: this.#watermark,
      registerEventTimeTimer: (time) => {
        addTimer(pane, true, time);
      },
      registerProcessingTimeTimer: (time) => {
        addTimer(pane, false, time);
      },
      deleteEventTimeTimer: (time) => {
        pane.timers = pane.timers.filter(([eventTime, at]) => !eventTime || at !== time);
      },
      deleteProcessingTimeTimer: (time) => {
        pane.timers = pane.timers.filter(([eventTime, at]) => eventTime || at !== time);
      },
      getPartitionedState: ((descriptor: Descriptor) => stateIn(pane.states, descriptor)) as never,
      mergePartitionedState: (descriptor: Descriptor) => {
        for (const { states } of merged) {
          const [ours, theirs] = [pane.states.get(descriptor.name), states.get(descriptor.name)];
          if (theirs !== undefined) pane.states.set(descriptor.name, ours === undefined ? theirs : mergedCells(descriptor, ours, theirs));
        }
      },
    };
  }
}

function addTimer(pane: TwinPane, eventTime: boolean, time: number): void {
  if (!pane.timers.some(([domain, at]) => domain === eventTime && at === time)) pane.timers.push([eventTime, time]);
}

function stateIn(map: Map<string, unknown>, descriptor: Descriptor): unknown {
  return cellState(descriptor, {
    read: () => map.get(descriptor.name),
    write: (value) => {
      map.set(descriptor.name, value);
    },
    clear: () => {
      map.delete(descriptor.name);
    },
  });
}
