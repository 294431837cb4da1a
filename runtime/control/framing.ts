import { MessageTooLargeError } from './errors.js';

/*
 * frame := length:uint32-big-endian payload:byte[length]
 */
const PREFIX_BYTES = 4;

/** A payload with its length before it. Throws {@link MessageTooLargeError}. */
export function frameOf(payload: Uint8Array, limitBytes: number): Buffer {
  if (payload.length > limitBytes) throw new MessageTooLargeError(payload.length, limitBytes);
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + payload.length);
  frame.writeUInt32BE(payload.length);
  frame.set(payload, PREFIX_BYTES);
  return frame;
}

/** Cuts a byte stream into the payloads of its frames. */
export class PayloadReader {
  #chunks: Buffer[] = [];
  #available = 0;

  constructor(readonly limitBytes: number) {}

  /** Takes bytes as they come. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#available += chunk.length;
  }

  /** The next whole payload, undefined when more bytes are needed. Throws {@link MessageTooLargeError}. */
  next(): Buffer | undefined {
    if (this.#available < PREFIX_BYTES) return undefined;
    const length = this.#peekLength();
    if (length > this.limitBytes) throw new MessageTooLargeError(length, this.limitBytes);
    if (this.#available < PREFIX_BYTES + length) return undefined;
    const whole = this.#joined();
    this.#chunks = whole.length > PREFIX_BYTES + length ? [whole.subarray(PREFIX_BYTES + length)] : [];
    this.#available = whole.length - PREFIX_BYTES - length;
    return whole.subarray(PREFIX_BYTES, PREFIX_BYTES + length);
  }

  /** What was pushed and not yet answered. */
  rest(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  #peekLength(): number {
    const first = this.#chunks[0];
    return (first && first.length >= PREFIX_BYTES ? first : this.#joined()).readUInt32BE();
  }

  /** Everything that waits as one buffer: joined only when a whole frame is there, so a large one is copied once. */
  #joined(): Buffer {
    const whole = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    this.#chunks = [whole];
    return whole;
  }
}
