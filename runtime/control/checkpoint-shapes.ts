import { anything, bytes, count, flag, listOf, number, object, oneOf, optional, recordOf, type Shape, text, variants } from './shape.js';

/* What checkpoints add to the messages. Types of states are checked where they are read. */

const bytesHandle = variants('kind', { inline: object({ bytes }), file: object({ path: text, sizeBytes: count }) });

const segment = object({ id: text, bytes: bytesHandle, shared: flag, fresh: flag, entries: count });

const stateMeta = object({
  name: text,
  kind: text,
  type: anything,
  subKeyType: anything,
  expires: optional(flag),
  namespaces: optional(listOf(object({ serial: count, namespace: anything }))),
});

const keyedState = object({
  keyGroups: object({ first: count, last: count }),
  maxParallelism: count,
  keyType: anything,
  states: listOf(stateMeta),
  segments: listOf(segment),
});

export const listStateShape: Shape = object({
  mode: oneOf('split', 'union', 'broadcast'),
  count,
  elements: bytesHandle,
  crc32: optional(number),
});

export const finishedShape: Shape = object({ steps: listOf(anything), accumulators: recordOf(anything) });

export const operatorSnapshotShape: Shape = object({ keyed: optional(keyedState), lists: recordOf(listStateShape) });

export const inFlightShape: Shape = object({
  bytes: bytesHandle,
  parts: listOf(
    object({
      channel: object({ from: text, to: text, input: count, outputTag: optional(text), producer: count, consumer: count }),
      end: oneOf('producer', 'consumer'),
      first: number,
      segments: listOf(object({ at: count, length: count })),
      rowsTaken: count,
      type: anything,
    }),
  ),
});

export const subtaskSnapshot: Shape = object({
  operators: recordOf(operatorSnapshotShape),
  inFlight: optional(inFlightShape),
  finished: optional(finishedShape),
  metrics: object({
    alignmentMs: number,
    syncMs: number,
    asyncMs: number,
    stateBytes: number,
    writtenBytes: number,
    startDelayMs: number,
  }),
});

export const checkpointOptions: Shape = object({
  kind: oneOf('checkpoint', 'savepoint'),
  full: flag,
  mode: oneOf('EXACTLY_ONCE', 'AT_LEAST_ONCE'),
  unaligned: flag,
  alignedTimeoutMs: number,
  completedCheckpointId: count,
  exclusiveDirectory: text,
  sharedDirectory: text,
  memoryThresholdBytes: number,
  stop: optional(oneOf('suspend', 'drain')),
});

/** Fields of what a subtask begins with, beside those that name it. */
export const restoreFields: Readonly<Record<string, Shape>> = {
  checkpointId: count,
  operators: recordOf(
    object({
      keyed: listOf(keyedState),
      lists: recordOf(listOf(object({ handle: listStateShape, from: count, to: count }))),
    }),
  ),
  inFlight: optional(object({ handles: listOf(inFlightShape), shared: flag })),
  finished: optional(finishedShape),
};
