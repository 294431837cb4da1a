import { createHash } from 'node:crypto';
import { type BlobKey, FlinkError, type JobId, systemClock, type TaskManagerId, type VertexId } from '#core';
import { Configuration } from '#conf';
import { checkpointSettings } from '../../runtime/checkpoint/checkpoint-settings.js';
import { CheckpointStatistics } from '../../runtime/checkpoint/statistics/checkpoint-statistics.js';
import type {
  ClusterOverview,
  CollectedPage,
  JobCheckpointsStatus,
  JobGraph,
  JobManagerGateway,
  JobResult,
  JobState,
  JobStatus,
  SavepointOptions,
  SubtaskStatus,
  TaskManagerStatus,
} from '#runtime';

class UnknownJobError extends FlinkError {
  constructor(jobId: JobId) {
    super({ code: 'JOB_NOT_FOUND', message: `Job ${jobId} not found`, action: 'See "flink-ts list -a".', blame: 'user' });
  }
}

export const START_MS = 1_700_000_000_000;
export const JOB_ID = '0123456789abcdef0123456789abcdef' as JobId;
export const SOURCE = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' as VertexId;
export const SINK = 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' as VertexId;
const TASK_MANAGER = 'localhost-1a2b3c4d' as TaskManagerId;

export function jobGraph(jobId: JobId = JOB_ID): JobGraph {
  const vertex = (id: VertexId, name: string, nodeId: number): JobGraph['vertices'][number] => ({
    id,
    name,
    parallelism: 2,
    maxParallelism: 128,
    slotSharingGroup: 'default',
    links: [],
    coordinated: false,
    operators: [{ nodeId, name, kind: 'map', operatorId: id }],
  });
  return {
    jobId,
    name: 'word count',
    fingerprint: 'f',
    description: '[]',
    settings: {
      runtimeMode: 'STREAMING',
      maxParallelism: undefined,
      chaining: true,
      globalJobParameters: { input: 'x' },
      configuration: {},
      autoWatermarkIntervalMs: 200,
    },
    vertices: [vertex(SOURCE, 'Source: lines -> Flat Map', 1), vertex(SINK, 'Sink: Print to Std. Out', 2)],
    edges: [
      {
        id: 0,
        from: SOURCE,
        fromNode: 1,
        to: SINK,
        toNode: 2,
        input: 0,
        partitioning: 'hash',
        outputTag: undefined,
        bufferTimeoutMs: 100,
        combine: false,
      },
    ],
    program: {
      bundle: 'c'.repeat(64) as BlobKey,
      file: 'job.ts',
      args: [],
      entry: undefined,
      executionIndex: 0,
      clockStartMs: 0,
      randomSeed: 1,
      environment: {},
      defaultParallelism: 2,
      configuration: {},
      onceResults: [],
      earlierResults: [],
    },
    shipped: {},
    scratch: [],
  };
}

export function subtask(vertexId: VertexId, subtaskIndex: number, state: SubtaskStatus['state']): SubtaskStatus {
  return {
    vertexId,
    subtaskIndex,
    attempt: 0,
    state,
    taskManagerId: TASK_MANAGER,
    host: 'localhost',
    timestamps: {
      CREATED: START_MS,
      DEPLOYING: START_MS + 10,
      RUNNING: START_MS + 30,
      ...(state === 'FINISHED' ? { FINISHED: START_MS + 530 } : {}),
    },
    metrics: {
      vertexId,
      subtaskIndex,
      recordsIn: 10,
      recordsOut: 20,
      bytesIn: 100,
      bytesOut: 200,
      busyMs: 3,
      backPressuredMs: 1,
      idleMs: 96,
      inputWatermark: 1000 + subtaskIndex,
      operators: [{ name: 'Window(1.5 s)', inputWatermark: 1000, outputWatermark: -Infinity, lateRecordsDropped: 3 }],
    },
  };
}

/** A gateway whose jobs do what the test says. */
export class ScriptedGateway implements JobManagerGateway {
  readonly jobs = new Map<JobId, JobStatus>();
  readonly blobs = new Map<BlobKey, Uint8Array>();
  readonly pages: CollectedPage[] = [];
  readonly cancelled: JobId[] = [];
  readonly messages: string[] = [];
  readonly savepoints: (SavepointOptions & { readonly jobId: JobId })[] = [];
  readonly disposed: string[] = [];
  readonly statistics = new CheckpointStatistics(jobGraph(), { ...systemClock, now: () => START_MS }, 10);
  /** What says how checkpoints are made. */
  configuration = Configuration.of({ 'state.savepoints.dir': 'file:///savepoints' });
  /** What becomes of the next savepoint. */
  savepoint: string | Error | Promise<string> = 'file:///savepoints/savepoint-1';
  readonly #results = new Map<JobId, JobResult>();
  readonly #waiting = new Map<JobId, ((result: JobResult) => void)[]>();

  addJob(graph: JobGraph = jobGraph(), state: JobState = 'RUNNING'): JobStatus {
    const status: JobStatus = {
      jobId: graph.jobId,
      name: graph.name,
      state,
      startMs: START_MS,
      endMs: -1,
      timestamps: { CREATED: START_MS, RUNNING: START_MS + 20 },
      graph,
      subtasks: graph.vertices.flatMap(({ id, parallelism }) =>
        Array.from({ length: parallelism }, (_, index) => subtask(id, index, 'RUNNING')),
      ),
      failures: [],
      restartStrategy: 'NoRestartBackoffTimeStrategy',
    };
    this.jobs.set(graph.jobId, status);
    return status;
  }

  endJob(result: JobResult): void {
    const status = this.job(result.jobId);
    this.jobs.set(result.jobId, { ...status, state: result.state, endMs: START_MS + 1000 });
    this.#results.set(result.jobId, result);
    for (const resolve of this.#waiting.get(result.jobId) ?? []) resolve(result);
  }

  putBlob(bytes: Uint8Array): Promise<BlobKey> {
    const key = createHash('sha256').update(bytes).digest('hex') as BlobKey;
    this.blobs.set(key, bytes);
    return Promise.resolve(key);
  }

  hasBlob(key: BlobKey): Promise<boolean> {
    return Promise.resolve(this.blobs.has(key));
  }

  submitJob(graph: JobGraph): Promise<void> {
    this.addJob(graph);
    return Promise.resolve();
  }

  cancelJob(jobId: JobId): Promise<void> {
    this.job(jobId);
    this.cancelled.push(jobId);
    return Promise.resolve();
  }

  async triggerSavepoint(jobId: JobId, options: SavepointOptions): Promise<string> {
    this.savepoints.push({ jobId, ...options });
    const path = await this.savepoint;
    if (path instanceof Error) throw path;
    return path;
  }

  triggerCheckpoint(_jobId: JobId, { full }: { readonly full: boolean }): Promise<number> {
    return Promise.resolve(full ? 8 : 7);
  }

  disposeSavepoint(path: string): Promise<void> {
    this.disposed.push(path);
    return Promise.resolve();
  }

  checkpoints(jobId: JobId): JobCheckpointsStatus {
    this.job(jobId);
    return { settings: checkpointSettings(this.configuration), status: this.statistics.status() };
  }

  listJobs(): readonly JobStatus[] {
    return [...this.jobs.values()];
  }

  job(jobId: JobId): JobStatus {
    const status = this.jobs.get(jobId);
    if (!status) throw new UnknownJobError(jobId);
    return status;
  }

  jobResult(jobId: JobId): Promise<JobResult> {
    const result = this.#results.get(jobId);
    if (result) return Promise.resolve(result);
    return new Promise((resolve) => {
      this.#waiting.set(jobId, [...(this.#waiting.get(jobId) ?? []), resolve]);
    });
  }

  collect(_jobId: JobId, _collectorId: string, token: number): Promise<CollectedPage> {
    return Promise.resolve(this.pages[token] ?? { batches: [], nextToken: token, end: true });
  }

  taskManagers(): readonly TaskManagerStatus[] {
    return [
      {
        taskManagerId: TASK_MANAGER,
        host: 'localhost',
        dataPort: 40000,
        pid: 1,
        slots: 4,
        freeSlots: 2,
        lastHeartbeatMs: 12,
        hardware: { cpuCores: 2, physicalMemory: 1 << 30, freeMemory: 1 << 29, managedMemory: 1 << 28 },
        networkSegments: 2048,
        logPath: undefined,
      },
    ];
  }

  overview(): ClusterOverview {
    return {
      taskManagers: 1,
      slotsTotal: 4,
      slotsAvailable: 2,
      jobsRunning: this.jobs.size,
      jobsFinished: 0,
      jobsCancelled: 0,
      jobsFailed: 0,
      messages: this.messages,
    };
  }

  shutDown(): Promise<void> {
    return Promise.resolve();
  }
}
