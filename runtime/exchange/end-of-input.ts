import { readEvent, type Segment, SegmentFlag } from '#core';

const KIND = SegmentFlag.event | SegmentFlag.spanning | SegmentFlag.spanningEnd;

/** Whether a segment is the last of its channel. Cheap for rows: only whole events are looked into. */
export function holdsEndOfInput(segment: Segment): boolean {
  return (segment.flags & KIND) === SegmentFlag.event && readEvent(segment).kind === 'endOfInput';
}
