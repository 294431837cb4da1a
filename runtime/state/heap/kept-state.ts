import type { StateMeta } from '../../checkpoint/handles.js';
import type { Namespace } from '../keyed-state-backend.js';
import type { SegmentEntry } from '../segment/segment-reader.js';
import type { SnapshotPart } from './snapshot-part.js';

/** What a backend keeps under one name, whether the program has asked for it or it was only restored. */
export interface KeptState {
  /** As a snapshot that begins now describes it. */
  meta(): StateMeta;
  /** What takes part in a snapshot that begins now. */
  parts(): Iterable<SnapshotPart>;
  /** Takes an entry of a segment; `namespace` is the one that its serial stood for. Later entries replace earlier ones. */
  restore(entry: SegmentEntry, namespace: Namespace | undefined): void;
}
