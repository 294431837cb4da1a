import { type TypeInfo, type ValueCodec, valueCodec, ValueReader, ValueWriter } from '#core';
import type { FoundValue } from './sorted-file.js';

/** A value with the time of the access that its life counts from, ms since 1970. */
export interface TimedValue {
  readonly value: unknown;
  readonly time: number;
}

const writer = new ValueWriter(1024);
const reader = new ValueReader();

/** Bytes of values of one state. Values without a declared type tell their own. */
export class ValueFormat {
  readonly #codec: ValueCodec | undefined;

  constructor(
    type: TypeInfo | undefined,
    /** Values, or the items of a list, are {@link TimedValue}s. */
    private readonly timed: boolean,
    private readonly list: boolean,
  ) {
    this.#codec = type === undefined ? undefined : valueCodec(type);
  }

  /** The bytes are valid until the next call, of whatever format. */
  encode(value: unknown): Buffer {
    writer.position = 0;
    if (this.list) {
      const items = value as readonly unknown[];
      writer.varint(items.length);
      for (const item of items) this.#write(item);
    } else this.#write(value);
    return writer.written();
  }

  decode({ bytes, start, end }: Pick<FoundValue, 'bytes' | 'start' | 'end'>): unknown {
    reader.attach(bytes, start, end);
    if (!this.list) return this.#read();
    const items: unknown[] = [];
    for (let left = reader.count(0); left > 0; left--) items.push(this.#read());
    return items;
  }

  #write(value: unknown): void {
    if (this.timed) writer.double((value as TimedValue).time);
    const plain = this.timed ? (value as TimedValue).value : value;
    if (this.#codec === undefined) writer.value(plain);
    else this.#codec.write(writer, plain, '');
  }

  #read(): unknown {
    const time = this.timed ? reader.double() : 0;
    const value = this.#codec === undefined ? reader.value() : this.#codec.read(reader);
    return this.timed ? { value, time } : value;
  }
}
