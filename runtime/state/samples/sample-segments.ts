import { CorruptDataError } from '#core';
import type { KeyedStateHandle } from '../../checkpoint/handles.js';
import { DamagedStateError } from '../segment/errors.js';
import { SegmentReader } from '../segment/segment-reader.js';
import type { SnapshotReader } from '../snapshot-storage.js';
import { readingFrom, type StateSamples } from './state-samples.js';

/** So many entries are looked through for those that are wanted. */
const MOST_ENTRIES = 500_000;

/** Takes samples from segments: one key group after the other, so that no more is read than is needed. Throws `DamagedStateError`. */
export async function sampleSegments(
  { segments, keyGroups }: KeyedStateHandle,
  reader: SnapshotReader,
  samples: StateSamples,
): Promise<void> {
  const opened: { readonly path: string; readonly segment: SegmentReader }[] = [];
  for (const { bytes } of segments) {
    const path = bytes.kind === 'file' ? bytes.path : 'the metadata of a checkpoint';
    opened.push({ path, segment: await SegmentReader.open(reader, bytes) });
  }
  let left = MOST_ENTRIES;
  for (let group = keyGroups.first; group <= keyGroups.last && left > 0 && !samples.complete; group++) {
    for (const { path, segment } of opened) left -= await sampleGroup(segment, path, group, samples);
  }
}

/** Answers how many entries there were. */
async function sampleGroup(segment: SegmentReader, path: string, group: number, samples: StateSamples): Promise<number> {
  let count = 0;
  try {
    await segment.read({ first: group, last: group }, (entry) => {
      count++;
      samples.put(segment.states[entry.state]?.name ?? '', entry, entry.deleted ? undefined : readingFrom(entry.value));
    });
  } catch (error) {
    if (!(error instanceof CorruptDataError)) throw error;
    throw new DamagedStateError(path, error.message, error);
  }
  return count;
}
