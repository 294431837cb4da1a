import { LineFileSink, type WriteMode } from './line-file-sink.js';
import { formatRecord } from './format-record.js';

/** Writes a line for each record, as `formatRecord` shows it: see `writeAsText`. */
export class TextFileSink<T> extends LineFileSink<T> {
  constructor(path: string, mode?: WriteMode) {
    super(path, mode, formatRecord);
  }
}
