import { ValueReader, ValueWriter } from '#core';

/** The bytes of any value that the value codec carries; a copy. Throws `UnsupportedRecordError`. */
export function encodePlain(value: unknown): Uint8Array {
  const writer = new ValueWriter();
  writer.value(value);
  return Uint8Array.from(writer.written());
}

/** The value behind {@link encodePlain}. */
export function decodePlain(bytes: Uint8Array): unknown {
  return new ValueReader().attach(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).value();
}

/** As {@link encodePlain}, as text for places that carry JSON. */
export function encodeToBase64(value: unknown): string {
  return Buffer.from(encodePlain(value)).toString('base64');
}

export function decodeFromBase64(text: string): unknown {
  return decodePlain(Buffer.from(text, 'base64'));
}
