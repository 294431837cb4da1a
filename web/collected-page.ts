import { invariant } from '#core';

/*
 * A page of collected batches on the wire:  page = { length:uint32 little-endian, bytes:length }*
 * Where to go on, and whether this was the last page, are headers of the response.
 */
export const NEXT_TOKEN_HEADER = 'x-flink-next-token';
export const END_HEADER = 'x-flink-end';

export function encodePage(batches: readonly Uint8Array[]): Buffer {
  const page = Buffer.allocUnsafe(batches.reduce((size, batch) => size + 4 + batch.length, 0));
  let position = 0;
  for (const batch of batches) {
    page.writeUInt32LE(batch.length, position);
    page.set(batch, position + 4);
    position += 4 + batch.length;
  }
  return page;
}

export function decodePage(page: Buffer): Uint8Array[] {
  const batches: Uint8Array[] = [];
  let position = 0;
  while (position < page.length) {
    const length = page.readUInt32LE(position);
    invariant(position + 4 + length <= page.length, 'A page of collected records is longer than the lengths in it say.');
    batches.push(page.subarray(position + 4, position + 4 + length));
    position += 4 + length;
  }
  return batches;
}
