import {
  EventTimeSessionWindows,
  ProcessingTimeSessionWindows,
  SlidingEventTimeWindows,
  SlidingProcessingTimeWindows,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
  type KeySpec,
  type OperatorSpec,
  type RichFunction,
  type WindowSpec,
} from '#api';
import type { ProcessingOperator, StageBody, StageOutput, TwoInputOperator } from '../chain/stage.js';
import type { StageTime } from '../chain/stage-time.js';
import type { OperatorHost } from '../operators/operator-host.js';
import { TimestampsOperator } from '../time/timestamps-operator.js';
import { AlignedGeometry } from './aligned-geometry.js';
import { AlignedWindows } from './aligned-windows.js';
import { contentsOf } from './contents.js';
import { IntervalJoinOperator } from './interval-join.js';
import { LateRecords } from './late-records.js';
import { OperatorTime } from './operator-time.js';
import { AccumulatedContents, EvictedContents } from './pane-contents.js';
import { SessionWindows } from './session-windows.js';
import { TriggeredWindows } from './triggered-windows.js';
import { noWindowState, windowEmission } from './window-emission.js';
import { WindowStates } from './window-state.js';

type WindowingSpec = Extract<OperatorSpec, { kind: 'timestamps' | 'window' | 'windowCoGroup' | 'intervalJoin' }>;

/** Makes the operator of a spec that has to do with time. Its `time` is that of the stage. */
export function windowingBody(spec: WindowingSpec, host: OperatorHost): StageBody {
  switch (spec.kind) {
    case 'timestamps':
      return { form: 'timestamps', operator: new TimestampsOperator(spec.watermarks, host) };
    case 'window':
      return { form: 'process', operator: windowOperator(spec, spec.key, host) };
    case 'windowCoGroup':
      return { form: 'twoInputs', operator: new CoWindowOperator(spec, host) };
    case 'intervalJoin':
      return { form: 'twoInputs', operator: new IntervalJoinOperator({ host, key: spec.key, secondKey: spec.secondKey, spec }) };
  }
}

/** The rich functions of a window operator as one. */
export function windowFunctions({ lifecycles }: WindowSpec): RichFunction | undefined {
  const [only] = lifecycles;
  if (lifecycles.length <= 1) return only;
  return {
    open: async (context) => {
      for (const each of lifecycles) await each.open?.(context);
    },
    close: async () => {
      for (const each of lifecycles) await each.close?.();
    },
  };
}

/** A window operator: what it counts can be a metric. */
export interface WindowOperator extends ProcessingOperator {
  readonly time: StageTime;
  readonly late: LateRecords;
}

const ALIGNED = [TumblingEventTimeWindows, TumblingProcessingTimeWindows, SlidingEventTimeWindows, SlidingProcessingTimeWindows] as const;

/** Chooses the way to do it: by slices, by sessions, or the general path. */
export function windowOperator(spec: WindowSpec, key: KeySpec, host: OperatorHost): WindowOperator {
  const { assigner, result, allowedLatenessMs } = spec;
  const contents = contentsOf(spec.contents);
  const time = new OperatorTime(host);
  const late = new LateRecords(spec.lateDataTag);
  const states = new WindowStates(host.keyed);
  const windowState = assigner.merges ? noWindowState : states.of.bind(states);
  const emission = windowEmission({ host, result, contents, time, windowState });
  const eventTime = assigner.isEventTime;
  const latenessMs = eventTime ? allowedLatenessMs : 0;
  const shared = { host, key, contents, time, emission, late, states, eventTime, latenessMs };
  const operator = firesByTime(spec) ? quickOperator(assigner, shared) : undefined;
  if (operator !== undefined) return Object.assign(operator, { late });
  const paneContents = spec.evictor === undefined ? new AccumulatedContents(contents) : new EvictedContents(contents, spec.evictor);
  return Object.assign(new TriggeredWindows({ ...shared, spec, contents: paneContents }), { late });
}

type Shared = Omit<ConstructorParameters<typeof AlignedWindows>[0], 'geometry'>;

function quickOperator(assigner: WindowSpec['assigner'], shared: Shared): AlignedWindows | SessionWindows | undefined {
  const aligned = ALIGNED.find((type) => assigner.constructor === type) === undefined ? undefined : (assigner as TumblingEventTimeWindows);
  if (aligned !== undefined) {
    const geometry = new AlignedGeometry(aligned.sizeMs, aligned.slideMs, aligned.offsetMs);
    if (geometry.slices > 1 && shared.contents.merge === undefined) return undefined;
    return new AlignedWindows({ ...shared, geometry });
  }
  if (assigner.constructor !== EventTimeSessionWindows && assigner.constructor !== ProcessingTimeSessionWindows) return undefined;
  const sessions = assigner as EventTimeSessionWindows;
  return new SessionWindows({ ...shared, gapMs: sessions.gapMs, gapOf: (value) => sessions.gapAfter(value) });
}

/** Whether windows fire just when time passes their end. Functions that want to clear up after each window go the general path. */
function firesByTime({ defaultTrigger, evictor, result }: WindowSpec): boolean {
  const clears = result?.kind === 'process' && result.process.clear !== undefined;
  return defaultTrigger && evictor === undefined && !clears;
}

/** Records of two streams in windows that both share. */
class CoWindowOperator implements TwoInputOperator {
  readonly time: StageTime;
  readonly late: LateRecords;
  readonly #windows: WindowOperator;

  constructor(spec: Extract<OperatorSpec, { kind: 'windowCoGroup' }>, host: OperatorHost) {
    const { key, secondKey } = spec;
    const selectors = [key.select, secondKey.select] as const;
    const select = (element: unknown): unknown => {
      const [side, value] = element as readonly [side: 0 | 1, value: unknown];
      return selectors[side](value);
    };
    this.#windows = windowOperator(spec, { select }, host);
    this.time = this.#windows.time;
    this.late = this.#windows.late;
  }

  process1(value: unknown, timestamp: number, output: StageOutput): void {
    this.#windows.process([0, value], timestamp, output);
  }

  process2(value: unknown, timestamp: number, output: StageOutput): void {
    this.#windows.process([1, value], timestamp, output);
  }
}
