import { type TNull, type TOptional, type TSchema, type TUnion, Type } from 'typebox';

/* The forms of requests. Fastify refuses what does not fit before a handler sees it. */

/** Its form is checked by `parseJobId`, which says it in words. */
const jobId = Type.String();

export const jobParams = Type.Object({ jobid: jobId });

export const vertexParams = Type.Object({
  jobid: jobId,
  vertexid: Type.String({ pattern: '^[0-9a-fA-F]{32}$' }),
});

export const subtaskParams = Type.Object({ ...vertexParams.properties, subtaskindex: Type.Integer({ minimum: 0 }) });

/** Names of metrics, separated by commas; without it the names are answered. */
export const metricsQuery = Type.Object({ get: Type.Optional(Type.String()) });

export const taskManagerParams = Type.Object({ taskmanagerid: Type.String({ minLength: 1 }) });

export const cancelQuery = Type.Object({ mode: Type.Optional(Type.Union([Type.Literal('cancel'), Type.Literal('stop')])) });

export const exceptionsQuery = Type.Object({ maxExceptions: Type.Optional(Type.Integer({ minimum: 0 })) });

/** How long an answer may be held back for news, in ms. */
const waitMs = Type.Integer({ minimum: 0, maximum: 60_000, default: 0 });

export const waitQuery = Type.Object({ wait: waitMs });

/** Holds the answer back while the job is in this state, for at most `wait` ms. */
export const statusQuery = Type.Object({ wait: waitMs, unlike: Type.Optional(Type.String()) });

export const collectorParams = Type.Object({ jobid: jobId, collector: Type.String({ minLength: 1 }) });

export const collectorQuery = Type.Object({ token: Type.Integer({ minimum: 0, default: 0 }), wait: waitMs });

export const blobParams = Type.Object({ key: Type.String({ pattern: '^[0-9a-f]{64}$' }) });

const checkpointId = Type.Integer({ minimum: 1 });

export const checkpointParams = Type.Object({ jobid: jobId, checkpointid: checkpointId });

export const checkpointVertexParams = Type.Object({
  jobid: jobId,
  checkpointid: checkpointId,
  vertexid: Type.String({ pattern: '^[0-9a-fA-F]{32}$' }),
});

export const operationParams = Type.Object({ jobid: jobId, triggerid: Type.String() });

/** Java's clients send null for what they do not say. */
function unsaid<T extends TSchema>(schema: T): TOptional<TUnion<[T, TNull]>> {
  return Type.Optional(Type.Union([schema, Type.Null()]));
}

const triggerId = unsaid(Type.String({ pattern: '^[0-9a-fA-F]{32}$' }));
const formatType = unsaid(Type.String());

export const savepointBody = Type.Object({
  'target-directory': unsaid(Type.String()),
  'cancel-job': unsaid(Type.Boolean()),
  formatType,
  triggerId,
});

export const stopBody = Type.Object({
  targetDirectory: unsaid(Type.String()),
  drain: unsaid(Type.Boolean()),
  formatType,
  triggerId,
});

export const checkpointBody = Type.Object({
  checkpointType: unsaid(Type.Union([Type.Literal('CONFIGURED'), Type.Literal('FULL'), Type.Literal('INCREMENTAL')])),
  triggerId,
});

export const disposalBody = Type.Object({ 'savepoint-path': Type.String({ minLength: 1 }) });

/** The part `request` of a submission, as Flink's clients send it. */
export const submissionRequest = Type.Object({
  jobGraphFileName: Type.String(),
  jobJarFileNames: Type.Optional(Type.Array(Type.String())),
  jobArtifactFileNames: Type.Optional(Type.Array(Type.Unknown())),
});

const chained = Type.Object({
  nodeId: Type.Integer(),
  name: Type.String(),
  kind: Type.String(),
  operatorId: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  uid: Type.Optional(Type.String()),
});

const vertex = Type.Object({
  id: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  name: Type.String(),
  parallelism: Type.Integer({ minimum: 1 }),
  maxParallelism: Type.Integer({ minimum: 1, maximum: 32_768 }),
  slotSharingGroup: Type.String(),
  operators: Type.Array(chained, { minItems: 1 }),
  links: Type.Array(Type.Object({ from: Type.Integer(), to: Type.Integer(), outputTag: Type.Optional(Type.String()) })),
});

const edge = Type.Object({
  id: Type.Integer({ minimum: 0 }),
  from: Type.String(),
  fromNode: Type.Integer(),
  to: Type.String(),
  toNode: Type.Integer(),
  input: Type.Integer({ minimum: 0 }),
  partitioning: Type.String(),
  outputTag: Type.Optional(Type.String()),
  bufferTimeoutMs: Type.Number(),
  combine: Type.Boolean(),
});

const texts = Type.Record(Type.String(), Type.String());

/** A job graph from outside; what the JobManager checks beyond its form is not repeated here. */
export const jobGraph = Type.Object({
  jobId: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  name: Type.String(),
  fingerprint: Type.String(),
  description: Type.String(),
  settings: Type.Object({
    runtimeMode: Type.Union([Type.Literal('STREAMING'), Type.Literal('BATCH')]),
    maxParallelism: Type.Optional(Type.Integer({ minimum: 1 })),
    chaining: Type.Boolean(),
    globalJobParameters: texts,
    configuration: texts,
  }),
  vertices: Type.Array(vertex, { minItems: 1 }),
  edges: Type.Array(edge),
  program: Type.Object({
    bundle: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    file: Type.String(),
    args: Type.Array(Type.String()),
    entry: Type.Optional(Type.String()),
    executionIndex: Type.Integer({ minimum: 0 }),
    clockStartMs: Type.Number(),
    randomSeed: Type.Number(),
    environment: texts,
    defaultParallelism: Type.Integer({ minimum: 1 }),
    configuration: texts,
    onceResults: Type.Array(Type.String()),
    earlierResults: Type.Array(Type.String()),
  }),
  shipped: texts,
  scratch: Type.Array(Type.String()),
});
