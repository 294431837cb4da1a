import { randomUUID } from 'node:crypto';

/** A part of a form: a field, or a file when it has a file name. */
export interface FormPart {
  readonly name: string;
  readonly fileName?: string;
  readonly type: string;
  readonly content: string;
}

/** Encodes a form as multipart/form-data (RFC 7578). */
export function encodeForm(parts: readonly FormPart[]): { readonly type: string; readonly body: Buffer } {
  const boundary = `flink-ts-${randomUUID()}`;
  const chunks = parts.flatMap(({ name, fileName, type, content }) => [
    `--${boundary}\r\n`,
    `content-disposition: form-data; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"`}\r\n`,
    `content-type: ${type}\r\n\r\n`,
    content,
    '\r\n',
  ]);
  return { type: `multipart/form-data; boundary=${boundary}`, body: Buffer.from([...chunks, `--${boundary}--\r\n`].join('')) };
}
