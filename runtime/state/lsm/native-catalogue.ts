import type { SegmentHandle } from '../../checkpoint/handles.js';

const MAGIC = 'FLINKLSM';

/**
 * The first segment of a snapshot of sorted files, always kept inline: it says what the other segments are. Such a snapshot is restored
 * by this backend only; savepoints have segments that all backends read.
 */
export interface Catalogue {
  /** Segment ids of the files of each run, newest run first, in the order of keys. */
  readonly runs: readonly (readonly string[])[];
  /** By the number of the state in keys: types of its values by version, see `VersionedForm`. */
  readonly states: readonly StateVersions[];
}

export interface StateVersions {
  readonly name: string;
  readonly versions: readonly { readonly type: unknown; readonly expires: boolean }[];
  /** The version that new values have. */
  readonly current: number;
}

export function catalogueSegment(id: string, catalogue: Catalogue): SegmentHandle {
  const bytes = Buffer.from(MAGIC + JSON.stringify(catalogue));
  return { id, bytes: { kind: 'inline', bytes: new Uint8Array(bytes) }, shared: false, fresh: true, entries: 0 };
}

/** Undefined when the segments are not those of such a snapshot. */
export function readCatalogue([first]: readonly SegmentHandle[]): Catalogue | undefined {
  if (first?.bytes.kind !== 'inline') return undefined;
  const text = Buffer.from(first.bytes.bytes).toString();
  return text.startsWith(MAGIC) ? (JSON.parse(text.slice(MAGIC.length)) as Catalogue) : undefined;
}
