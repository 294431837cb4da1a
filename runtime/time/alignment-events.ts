import { invariant, type VertexId } from '#core';
import type { WatermarkAlignment } from '#api';
import { decodePlain, encodePlain } from '../plan/plain-values.js';
import type { OperatorEvent } from '../task/deployment.js';

/** What a source reader says of its place in its alignment group. */
export interface AlignmentReport extends WatermarkAlignment {
  /** `MAX_WATERMARK` of a reader that is idle or has ended. */
  readonly watermark: number;
}

/** Of the reader `from` of a source. */
export function alignmentReport(
  source: { readonly vertexId: VertexId; readonly nodeId: number },
  from: number,
  report: AlignmentReport,
): OperatorEvent {
  return { ...source, to: 'alignment', kind: 'watermark', from, payload: encodePlain([{ ...report }]) };
}

export function alignmentReportOf(event: OperatorEvent): AlignmentReport {
  const [report] = decodePlain(event.payload ?? new Uint8Array()) as readonly AlignmentReport[];
  invariant(report !== undefined, 'an event of an alignment holds a report');
  return report;
}

/** Tells a reader how far it may go. */
export function alignTo(source: { readonly vertexId: VertexId; readonly nodeId: number }, to: number, watermark: number): OperatorEvent {
  return { ...source, to, kind: 'alignTo', from: to, payload: encodePlain([watermark]) };
}

/** How far a reader may go. */
export function allowedBy(event: OperatorEvent): number {
  const [watermark] = decodePlain(event.payload ?? new Uint8Array()) as readonly number[];
  invariant(watermark !== undefined, 'an event of an alignment holds a watermark');
  return watermark;
}
