import { FlinkError } from '../errors.js';

/** Bytes are not what one of our writers wrote. */
export class CorruptDataError extends FlinkError {
  constructor(readonly detail: string) {
    super({
      code: 'CORRUPT_DATA',
      message: `encoded data cannot be read: ${detail}`,
      action: 'Look for a damaged file or a sender of another version; else report it as a defect of flink-ts.',
      blame: 'internal',
    });
  }
}

/** One record is larger than anything that is sent. */
export class RecordTooLargeError extends FlinkError {
  constructor(
    readonly sizeBytes: number,
    readonly limitBytes: number,
  ) {
    super({
      code: 'RECORD_TOO_LARGE',
      message: `a record or value takes at least ${sizeBytes} bytes encoded, more than the limit of ${limitBytes}`,
      action: 'Split the record, or send a reference to the data instead of the data.',
      blame: 'user',
    });
  }
}

/** An event does not fit the segment it was to be written into. */
export class EventTooLargeError extends FlinkError {
  constructor(
    readonly kind: string,
    readonly sizeBytes: number,
    readonly segmentBytes: number,
  ) {
    super({
      code: 'EVENT_TOO_LARGE',
      message: `a "${kind}" event takes ${sizeBytes} bytes, a segment has ${segmentBytes}`,
      action: 'Raise "taskmanager.memory.segment-size".',
      blame: 'user',
    });
  }
}
