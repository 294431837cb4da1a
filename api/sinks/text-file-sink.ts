import { FileSink, type WriteMode } from './file-sink.js';
import { formatRecord } from './format-record.js';

/** Writes a line for each record, as `formatRecord` shows it: see `writeAsText`. */
export class TextFileSink<T> extends FileSink<T> {
  constructor(path: string, mode?: WriteMode) {
    super(path, mode, formatRecord);
  }
}
