import { checkpointOptions, restoreFields, subtaskSnapshot } from './checkpoint-shapes.js';
import {
  anything,
  bytes,
  count,
  flag,
  lazily,
  listOf,
  matching,
  number,
  object,
  oneOf,
  optional,
  recordOf,
  type Shape,
  text,
  variants,
} from './shape.js';

const jobId = matching(/^[0-9a-f]{32}$/);
const vertexId = text;
const blobKey = matching(/^[0-9a-f]{64}$/);
const subtask = { vertexId, subtaskIndex: count };
const slotRun = { jobId, attempt: count, slot: count };

export const serializedError: Shape = object({
  name: text,
  message: text,
  stack: text,
  code: optional(text),
  action: optional(text),
  blame: optional(oneOf('user', 'external', 'internal')),
  retriable: flag,
  place: optional(text),
  cause: optional(lazily(() => serializedError)),
});

const hardware = object({ cpuCores: count, physicalMemory: number, freeMemory: number, managedMemory: number });

const description = object({
  taskManagerId: text,
  host: text,
  dataPort: count,
  pid: count,
  slots: count,
  hardware,
  networkSegments: count,
  logPath: optional(text),
});

const vertex = object({
  id: vertexId,
  name: text,
  parallelism: count,
  maxParallelism: count,
  slotSharingGroup: text,
  operators: listOf(object({ nodeId: count, name: text, kind: text, operatorId: text, uid: optional(text) })),
  links: listOf(object({ from: count, to: count, outputTag: optional(text) })),
  coordinated: flag,
});

const edge = object({
  id: count,
  from: vertexId,
  fromNode: count,
  to: vertexId,
  toNode: count,
  input: count,
  partitioning: text,
  outputTag: optional(text),
  bufferTimeoutMs: number,
  combine: flag,
});

const program = object({
  bundle: blobKey,
  file: text,
  args: listOf(text),
  entry: optional(text),
  executionIndex: count,
  clockStartMs: number,
  randomSeed: number,
  environment: recordOf(text),
  defaultParallelism: count,
  configuration: recordOf(text),
  onceResults: listOf(text),
  earlierResults: listOf(text),
});

/** A job graph, as it comes from a client. */
export const jobGraph: Shape = object({
  jobId,
  name: text,
  fingerprint: text,
  description: anything,
  settings: object({
    runtimeMode: oneOf('STREAMING', 'BATCH'),
    maxParallelism: optional(count),
    chaining: flag,
    globalJobParameters: recordOf(text),
    configuration: recordOf(text),
    autoWatermarkIntervalMs: count,
  }),
  vertices: listOf(vertex),
  edges: listOf(edge),
  program,
  shipped: recordOf(text),
  scratch: listOf(text),
});

const placement = object({ ...subtask, taskManagerId: text, host: text, dataPort: count, slot: count });

const operatorEvent = object({
  vertexId,
  nodeId: count,
  to: anything,
  kind: oneOf(
    'requestSplit',
    'assignSplits',
    'noMoreSplits',
    'checkpoint',
    'iterationQuiet',
    'iterationActive',
    'iterationEnded',
    'watermark',
    'alignTo',
  ),
  from: count,
  payload: optional(bytes),
});

const finishStep = variants('kind', { rename: object({ from: text, to: text, overwrite: flag }), delete: object({ path: text }) });

const taskMetrics = object({
  ...subtask,
  recordsIn: number,
  recordsOut: number,
  bytesIn: number,
  bytesOut: number,
  busyMs: number,
  backPressuredMs: number,
  idleMs: number,
  inputWatermark: number,
  operators: listOf(object({ name: text, inputWatermark: number, outputWatermark: number, lateRecordsDropped: optional(count) })),
});

const taskState = oneOf('CREATED', 'SCHEDULED', 'DEPLOYING', 'INITIALIZING', 'RUNNING', 'FINISHED', 'CANCELING', 'CANCELED', 'FAILED');

/** Reports and commands that cross processes; the others stay within a TaskManager. */
const slotReport = variants('type', {
  state: object({ subtask: object(subtask), state: taskState }),
  finished: object({ subtask: object(subtask), accumulators: recordOf(anything), steps: listOf(finishStep) }),
  failed: object({ subtask: optional(object(subtask)), error: serializedError }),
  operatorEvent: object({ event: operatorEvent }),
  collect: object({ collectorId: text, sequence: count, records: bytes }),
  metrics: object({ tasks: listOf(taskMetrics) }),
  checkpointAcknowledged: object({ subtask: object(subtask), checkpointId: count, snapshot: subtaskSnapshot }),
  awaitingCheckpoint: object({ subtask: object(subtask) }),
  checkpointDeclined: object({ subtask: object(subtask), checkpointId: count, error: serializedError }),
});

const slotCommand = variants('type', {
  cancel: anything,
  operatorEvent: object({ event: operatorEvent }),
  collected: object({ sequence: count }),
  triggerCheckpoint: object({ subtasks: listOf(object(subtask)), checkpointId: count, timestamp: number, options: checkpointOptions }),
  checkpointCompleted: object({ checkpointId: count }),
  savepointCompleted: object({ checkpointId: count }),
  checkpointAborted: object({ checkpointId: count }),
});

const message = variants('type', {
  heartbeat: object({ hardware: optional(hardware) }),
  slotReported: object({ ...slotRun, report: slotReport }),
  slotReleased: object(slotRun),
  taskManagerLeaving: object({ reason: text }),
  commandSlot: object({ ...slotRun, command: slotCommand }),
  attemptEnded: object({ jobId, attempt: count }),
  jobEnded: object({ jobId }),
  stopTaskManager: object({ reason: text }),
});

const slotPart = object({
  slot: count,
  attempt: count,
  attemptNumber: count,
  sharedBy: count,
  subtasks: listOf(object(subtask)),
  restores: listOf(object({ ...subtask, ...restoreFields })),
});

const request = variants('type', {
  registerTaskManager: object({ description }),
  fetchBlob: object({ key: blobKey, offset: count }),
  deployJob: object({
    graph: jobGraph,
    slots: listOf(slotPart),
    placements: listOf(placement),
  }),
});

const answer = variants('type', {
  registered: object({ jobManagerId: text, heartbeatIntervalMs: number, heartbeatTimeoutMs: number }),
  blobChunk: object({ bytes, sizeBytes: count }),
  accepted: anything,
});

export const envelope: Shape = variants('kind', {
  message: object({ message }),
  request: object({ id: count, request }),
  answer: object({ id: count, answer }),
  refusal: object({ id: count, error: serializedError }),
  goodbye: object({ reason: text }),
});
