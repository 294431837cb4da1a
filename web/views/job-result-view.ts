import { encodeToBase64, type JobResult, type SerializedError } from '#runtime';
import { stackText } from './failure-view.js';

const APPLICATION_STATUS = { FINISHED: 'SUCCEEDED', CANCELED: 'CANCELED', FAILED: 'FAILED' } as const;

export type ApplicationStatus = (typeof APPLICATION_STATUS)[keyof typeof APPLICATION_STATUS];

/** Result of a job in Flink's form; values of accumulators and the error in ours, for our client. */
export interface ExecutionResultView {
  readonly status: { readonly id: 'IN_PROGRESS' | 'COMPLETED' };
  readonly 'job-execution-result'?: {
    readonly id: string;
    readonly 'application-status': ApplicationStatus;
    /** Value-codec encoded, as base64. */
    readonly 'accumulator-results': Readonly<Record<string, string>>;
    readonly 'net-runtime': number;
    readonly 'failure-cause'?: { readonly class: string; readonly 'stack-trace': string; readonly error: SerializedError };
  };
}

export function executionResultView(result: JobResult | undefined): ExecutionResultView {
  if (!result) return { status: { id: 'IN_PROGRESS' } };
  const { failure } = result;
  return {
    status: { id: 'COMPLETED' },
    'job-execution-result': {
      id: result.jobId,
      'application-status': APPLICATION_STATUS[result.state],
      'accumulator-results': serialized(result.accumulators),
      'net-runtime': Math.round(result.netRuntimeMs),
      ...(failure ? { 'failure-cause': { class: failure.name, 'stack-trace': stackText(failure), error: failure } } : {}),
    },
  };
}

/** The accumulators of a job that has ended; none while it runs. */
export function accumulatorsView(result: JobResult | undefined): unknown {
  const accumulators = result?.accumulators ?? {};
  return {
    'job-accumulators': [],
    'user-task-accumulators': Object.entries(accumulators).map(([name, value]) => ({ name, type: typeName(value), value: shown(value) })),
    'serialized-user-task-accumulators': serialized(accumulators),
  };
}

function serialized(accumulators: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(accumulators).map(([name, value]) => [name, encodeToBase64(value)]));
}

function typeName(value: unknown): string {
  return typeof value === 'object' && value !== null ? value.constructor.name : typeof value;
}

function shown(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part));
}
