import type { JobState, JobStatus, JobVertex, SubtaskStatus } from '#runtime';
import { ioMetrics, type IoMetrics } from './io-metrics.js';
import { planView, type PlanView } from './plan-view.js';
import { aggregateState, countStates, countTasks, spanOf, type Span, type TaskCounts } from './task-counts.js';

const JOB_STATES: readonly JobState[] = [
  'INITIALIZING',
  'CREATED',
  'RUNNING',
  'FAILING',
  'FAILED',
  'CANCELLING',
  'CANCELED',
  'FINISHED',
  'RESTARTING',
  'SUSPENDED',
];

/** A job in a list. */
export interface JobOverviewView extends Span {
  readonly jid: string;
  readonly name: string;
  readonly state: JobState;
  readonly 'last-modification': number;
  /** Subtasks by state, in small letters, and their total. */
  readonly tasks: Readonly<Record<string, number>>;
}

export function jobOverviewView(status: JobStatus, nowMs: number): JobOverviewView {
  const counts = Object.entries(countTasks(status.subtasks)).map(([state, count]) => [state.toLowerCase(), count] as const);
  return {
    jid: status.jobId,
    name: status.name,
    ...jobSpan(status, nowMs),
    state: status.state,
    'last-modification': lastModification(status),
    tasks: { total: totalParallelism(status), ...Object.fromEntries(counts) },
  };
}

export interface JobDetailsView extends Span {
  readonly jid: string;
  readonly name: string;
  readonly isStoppable: boolean;
  readonly state: JobState;
  readonly 'job-type': 'STREAMING' | 'BATCH';
  readonly maxParallelism: number;
  readonly now: number;
  readonly timestamps: Readonly<Record<string, number>>;
  readonly vertices: readonly VertexSummaryView[];
  readonly 'status-counts': TaskCounts;
  readonly plan: PlanView;
  /** What the job waits for, for people; absent when it waits for nothing. Not one of Flink's fields. */
  readonly notice?: string | undefined;
}

interface VertexSummaryView extends Span {
  readonly id: string;
  readonly slotSharingGroupId: string;
  readonly name: string;
  readonly maxParallelism: number;
  readonly parallelism: number;
  readonly status: string;
  readonly tasks: TaskCounts;
  readonly metrics: IoMetrics;
}

export function jobDetailsView(status: JobStatus, nowMs: number): JobDetailsView {
  const vertices = status.graph.vertices.map((vertex) => vertexSummary(vertex, subtasksOf(status, vertex), nowMs));
  return {
    jid: status.jobId,
    name: status.name,
    isStoppable: false,
    state: status.state,
    'job-type': status.graph.settings.runtimeMode,
    ...jobSpan(status, nowMs),
    maxParallelism: status.graph.settings.maxParallelism ?? -1,
    now: nowMs,
    timestamps: Object.fromEntries([...JOB_STATES, 'RECONCILING'].map((state) => [state, timestampOf(status, state)])),
    vertices,
    'status-counts': countStates(vertices.map((vertex) => vertex.status)),
    plan: planView(status.graph),
    notice: status.notice,
  };
}

export function subtasksOf(status: JobStatus, vertex: JobVertex): readonly SubtaskStatus[] {
  return status.subtasks.filter(({ vertexId }) => vertexId === vertex.id);
}

function vertexSummary(
  vertex: JobVertex,
  subtasks: readonly SubtaskStatus[],
  nowMs: number,
): VertexSummaryView & { status: SubtaskStatus['state'] } {
  const tasks = countTasks(subtasks);
  return {
    id: vertex.id,
    slotSharingGroupId: vertex.slotSharingGroup,
    name: vertex.name,
    maxParallelism: vertex.maxParallelism,
    parallelism: vertex.parallelism,
    status: aggregateState(tasks, vertex.parallelism),
    ...spanOf(subtasks, nowMs),
    tasks,
    metrics: ioMetrics(subtasks),
  };
}

/** What the job was told about its execution, as `/jobs/:jobid/config` gives it. */
export function jobConfigView(status: JobStatus): unknown {
  const { graph } = status;
  return {
    jid: status.jobId,
    name: status.name,
    'execution-config': {
      'execution-mode': graph.settings.runtimeMode === 'BATCH' ? 'BATCH' : 'PIPELINED',
      'restart-strategy': status.restartStrategy,
      'job-parallelism': graph.program.defaultParallelism,
      'object-reuse-mode': true,
      'user-config': graph.settings.globalJobParameters,
    },
  };
}

function jobSpan(status: JobStatus, nowMs: number): Span {
  const end = status.endMs < 0 ? nowMs : status.endMs;
  return { 'start-time': status.startMs, 'end-time': status.endMs, duration: end - status.startMs };
}

function lastModification({ timestamps, startMs }: JobStatus): number {
  return Math.max(startMs, ...Object.values(timestamps));
}

function totalParallelism({ graph }: JobStatus): number {
  return graph.vertices.reduce((total, { parallelism }) => total + parallelism, 0);
}

function timestampOf({ timestamps }: JobStatus, state: string): number {
  return (timestamps as Readonly<Record<string, number | undefined>>)[state] ?? 0;
}
