import type { CheckpointMetadata, OperatorMetadata } from './metadata.js';
import type { BytesHandle, KeyedStateHandle, ListStateHandle, OperatorSnapshot, SegmentHandle, SubtaskSnapshot } from './handles.js';

/* Ways through everything that a snapshot refers to. */

export function sizeOf(handle: BytesHandle): number {
  return handle.kind === 'file' ? handle.sizeBytes : handle.bytes.length;
}

export function segmentsOf({ keyed }: OperatorSnapshot): readonly SegmentHandle[] {
  return keyed?.segments ?? [];
}

export function segmentsOfSnapshot({ operators }: SubtaskSnapshot): readonly SegmentHandle[] {
  return Object.values(operators).flatMap(segmentsOf);
}

export function segmentsOfMetadata({ operators }: CheckpointMetadata): readonly SegmentHandle[] {
  return operators.flatMap(({ subtasks }) => [...subtasks.values()].flatMap(segmentsOf));
}

/** Of segments and lists. */
export function bytesOf(snapshot: OperatorSnapshot): readonly BytesHandle[] {
  return [...segmentsOf(snapshot).map(({ bytes }) => bytes), ...Object.values(snapshot.lists).map(({ elements }) => elements)];
}

export function bytesOfMetadata({ operators, inFlight }: CheckpointMetadata): readonly BytesHandle[] {
  const ofOperators = operators.flatMap(({ subtasks }) => [...subtasks.values()].flatMap(bytesOf));
  return [...ofOperators, ...inFlight.map(({ bytes }) => bytes)];
}

/** The same metadata with other paths. */
export function withPaths(metadata: CheckpointMetadata, change: (path: string) => string): CheckpointMetadata {
  const bytes = (handle: BytesHandle): BytesHandle => (handle.kind === 'file' ? { ...handle, path: change(handle.path) } : handle);
  const list = (handle: ListStateHandle): ListStateHandle => ({ ...handle, elements: bytes(handle.elements) });
  const keyed = (handle: KeyedStateHandle): KeyedStateHandle => ({
    ...handle,
    segments: handle.segments.map((segment) => ({ ...segment, bytes: bytes(segment.bytes) })),
  });
  const snapshot = (operator: OperatorSnapshot): OperatorSnapshot => ({
    ...(operator.keyed && { keyed: keyed(operator.keyed) }),
    lists: Object.fromEntries(Object.entries(operator.lists).map(([name, handle]) => [name, list(handle)])),
  });
  const operator = (of: OperatorMetadata): OperatorMetadata => ({
    ...of,
    subtasks: new Map([...of.subtasks].map(([index, state]) => [index, snapshot(state)])),
  });
  const inFlight = metadata.inFlight.map((handle) => ({ ...handle, bytes: bytes(handle.bytes) }));
  return { ...metadata, operators: metadata.operators.map(operator), inFlight };
}
