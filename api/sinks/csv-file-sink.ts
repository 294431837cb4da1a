import { LineFileSink, type LineFormat, type WriteMode } from './line-file-sink.js';
import { formatRecord } from './format-record.js';

/** What separates the fields and the rows of a CSV file. */
export interface CsvFormat {
  /** By default `,`. */
  readonly fieldDelimiter?: string;
  /** By default a line break. */
  readonly rowDelimiter?: string;
}

/**
 * Writes a line with the fields of each record, tuple or object, in their order: see `writeAsCsv`. A missing field
 * is empty. A field that holds a delimiter, a quote or a line break is quoted as in RFC 4180, which Flink does not do:
 * what is written can be read again.
 */
export class CsvFileSink<T> extends LineFileSink<T> {
  constructor(path: string, mode?: WriteMode, format: CsvFormat = {}) {
    const { fieldDelimiter = ',', rowDelimiter = '\n' } = format;
    super(path, mode, csvLine(fieldDelimiter, rowDelimiter), rowDelimiter);
  }
}

function csvLine<T>(fieldDelimiter: string, rowDelimiter: string): LineFormat<T> {
  const special = new RegExp([fieldDelimiter, rowDelimiter, '"', '\n', '\r'].map(escaped).join('|'));
  const fieldText = (field: unknown): string => {
    if (typeof field === 'number') return String(field);
    const text = field === null || field === undefined ? '' : formatRecord(field);
    return special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return (value) => {
    const fields = fieldsOf(value);
    let line = '';
    for (let i = 0; i < fields.length; i++) line += i === 0 ? fieldText(fields[i]) : fieldDelimiter + fieldText(fields[i]);
    return line;
  };
}

function fieldsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  const plain = typeof value !== 'object' || value === null || value instanceof Date || value instanceof Promise;
  return plain ? [value] : Object.values(value);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
