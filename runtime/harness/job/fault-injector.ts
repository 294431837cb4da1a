import type { Stage, StageBody } from '../../chain/stage.js';
import { serializeError } from '../../control/serialized-error.js';
import type { SlotReport } from '../../task/deployment.js';
import { type Fault, InjectedFaultError } from './faults.js';

type RecordFault = Extract<Fault, { kind: 'failOperator' | 'killTaskManager' }>;

interface Pending {
  readonly fault: RecordFault;
  left: number;
}

/** Lets the faults of a test happen: at records, by wrapping the stages of operators; at checkpoints, by what slots report. */
export class FaultInjector {
  readonly #pending: Pending[];
  readonly #checkpoints: Set<number>;

  /** @param kill the TaskManager is to be lost at once. */
  constructor(
    faults: readonly Fault[],
    private readonly kill: (reason: string) => void,
  ) {
    this.#pending = faults.flatMap((fault) => (fault.kind === 'failCheckpoint' ? [] : [{ fault, left: fault.afterRecords }]));
    this.#checkpoints = new Set(faults.flatMap((fault) => (fault.kind === 'failCheckpoint' ? [fault.checkpointId] : [])));
  }

  readonly instrument = (stage: Stage): Stage => {
    const pending = this.#pending.filter(({ fault }) => stage.name.includes(fault.operator));
    if (pending.length === 0) return stage;
    const body = countedBody(stage.body, () => {
      for (const one of pending) if (one.left-- === 0) this.#strike(one.fault);
    });
    return { ...stage, body };
  };

  /** What is to be reported in place of a report. */
  reported(report: SlotReport): SlotReport {
    if (report.type !== 'checkpointAcknowledged' || !this.#checkpoints.has(report.checkpointId)) return report;
    const { subtask, checkpointId } = report;
    const error = new InjectedFaultError(`checkpoint ${checkpointId} fails`);
    return { type: 'checkpointDeclined', subtask, checkpointId, error: serializeError(error) };
  }

  /** Nothing that was under way goes on: not the record, and not what comes behind it. */
  #strike({ kind, operator, afterRecords }: RecordFault): void {
    const where = `at record ${afterRecords + 1} of "${operator}"`;
    if (kind === 'killTaskManager') this.kill(`the test let it be lost ${where}`);
    throw new InjectedFaultError(kind === 'killTaskManager' ? `a TaskManager is lost ${where}` : `"${operator}" fails ${where}`);
  }
}

/** The body with something before each record. */
function countedBody(body: StageBody, count: () => void): StageBody {
  switch (body.form) {
    case 'source':
      return body;
    case 'map':
    case 'filter':
    case 'flatMap':
      return { ...body, call: counted(body.call as (...values: unknown[]) => unknown, count) } as StageBody;
    case 'sink':
      return { ...body, writer: overridden(body.writer, ['write'], count) };
    case 'update':
      return { ...body, operator: overridden(body.operator, ['update'], count) };
    case 'absorb':
      return { ...body, operator: overridden(body.operator, ['absorb'], count) };
    case 'process':
      return { ...body, operator: overridden(body.operator, ['process'], count) };
    case 'twoInputs':
      return { ...body, operator: overridden(body.operator, ['process1', 'process2'], count) };
    case 'timestamps':
      return { ...body, operator: overridden(body.operator, ['timestampOf'], count) };
  }
}

function counted<A extends readonly unknown[], R>(call: (...values: A) => R, count: () => void): (...values: A) => R {
  return (...values) => {
    count();
    return call(...values);
  };
}

/** The object with something before each call of some methods. Everything else reaches the object itself. */
function overridden<T extends object>(target: T, methods: readonly string[], count: () => void): T {
  return new Proxy(target, {
    get: (object, property) => {
      const value: unknown = Reflect.get(object, property, object);
      if (typeof value !== 'function') return value;
      const bound = value.bind(object) as (...values: readonly unknown[]) => unknown;
      return methods.includes(String(property)) ? counted(bound, count) : bound;
    },
  });
}
