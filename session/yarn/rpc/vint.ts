import { CredentialsFormatError } from './errors.js';

/*
 * Hadoop's variable-length integers (org.apache.hadoop.io.WritableUtils):
 *   -112 .. 127             one byte, the number itself
 *   otherwise               a byte that tells sign and length, then the number's bytes, most significant first:
 *   -113 .. -120            positive, 1 .. 8 bytes
 *   -121 .. -128            negative, 1 .. 8 bytes, of the number's complement
 */
const LEAST_SHORT = -112;
const LEAST_POSITIVE = -120;

/** Reads Hadoop Writables out of bytes. Throws `CredentialsFormatError` where they end too soon. */
export class WritableReader {
  #position = 0;

  constructor(private readonly bytes: Buffer) {}

  get atEnd(): boolean {
    return this.#position >= this.bytes.length;
  }

  vlong(): bigint {
    const first = this.take(1).readInt8();
    if (first >= LEAST_SHORT) return BigInt(first);
    const negative = first < LEAST_POSITIVE;
    const magnitude = this.take(negative ? LEAST_POSITIVE - first : LEAST_SHORT - first);
    const value = BigInt.asIntN(64, BigInt(`0x${magnitude.toString('hex')}`));
    return negative ? ~value : value;
  }

  /** A number of bytes or items that follow. */
  count(): number {
    const count = this.vlong();
    if (count < 0n || count > BigInt(this.bytes.length)) throw new CredentialsFormatError(`${count} is not a possible length`);
    return Number(count);
  }

  /** Bytes with their length before them. */
  block(): Buffer {
    return this.take(this.count());
  }

  text(): string {
    return this.block().toString('utf8');
  }

  take(length: number): Buffer {
    const end = this.#position + length;
    if (end > this.bytes.length) throw new CredentialsFormatError(`it ends at byte ${this.bytes.length}, ${end} are needed`);
    const taken = this.bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }
}

/** A number as Hadoop writes it. */
export function vlongBytes(value: bigint): Buffer {
  if (value >= BigInt(LEAST_SHORT) && value <= 127n) return Buffer.from([Number(value) & 0xff]);
  const negative = value < 0n;
  const hex = (negative ? ~value : value).toString(16);
  const magnitude = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const head = (negative ? LEAST_POSITIVE : LEAST_SHORT) - magnitude.length;
  return Buffer.concat([Buffer.from([head & 0xff]), magnitude]);
}

/** Bytes with their length before them. */
export function block(bytes: Uint8Array): Buffer {
  return Buffer.concat([vlongBytes(BigInt(bytes.length)), bytes]);
}

export function textBlock(text: string): Buffer {
  return block(Buffer.from(text, 'utf8'));
}
