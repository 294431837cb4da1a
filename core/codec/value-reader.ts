import { ByteReader } from './byte-reader.js';
import { CorruptDataError } from './errors.js';
import { TYPED_ARRAYS, ValueTag } from './value-tag.js';

/** Reads what {@link ValueWriter} wrote. Nothing it answers refers to the bytes it was read from. */
export class ValueReader extends ByteReader {
  value(): unknown {
    const tag = this.byte();
    switch (tag) {
      case ValueTag.null:
        return null;
      case ValueTag.undefined:
        return undefined;
      case ValueTag.false:
        return false;
      case ValueTag.true:
        return true;
      case ValueTag.int:
        return this.int();
      case ValueTag.double:
        return this.double();
      case ValueTag.text:
        return this.text();
      case ValueTag.object:
        return this.#properties({});
      case ValueTag.array:
        return this.#array();
      default:
        return this.#uncommon(tag);
    }
  }

  #uncommon(tag: number): unknown {
    switch (tag) {
      case ValueTag.bigint:
        return this.#bigint();
      case ValueTag.date:
        return new Date(this.double());
      case ValueTag.bareObject:
        return this.#properties(Object.create(null) as Record<string, unknown>);
      case ValueTag.map:
        return this.#map();
      case ValueTag.set:
        return new Set(this.#array());
      case ValueTag.arrayBuffer:
        return this.raw(this.count()).buffer;
      case ValueTag.buffer:
        return Buffer.from(this.raw(this.count()).buffer);
      default:
        return this.#typedArray(tag);
    }
  }

  #bigint(): bigint {
    const header = this.varint();
    const magnitude = this.raw(header >>> 1).reverse();
    const value = BigInt(`0x0${Buffer.from(magnitude.buffer).toString('hex')}`);
    return (header & 1) === 1 ? -value : value;
  }

  #typedArray(tag: number): ArrayBufferView {
    const type = TYPED_ARRAYS[tag - ValueTag.firstTypedArray];
    if (type === undefined) throw new CorruptDataError(`there is no value with tag ${tag}`);
    return new type(this.raw(this.count()).buffer);
  }

  #array(): unknown[] {
    const count = this.count();
    const items: unknown[] = [];
    for (let i = 0; i < count; i++) items.push(this.value());
    return items;
  }

  #map(): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    for (let left = this.count(2); left > 0; left--) {
      const key = this.value();
      map.set(key, this.value());
    }
    return map;
  }

  #properties(target: Record<string, unknown>): Record<string, unknown> {
    for (let left = this.count(2); left > 0; left--) {
      const name = this.name();
      const value = this.value();
      // Assigning would set the prototype instead of making a property.
      if (name === '__proto__') Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
      else target[name] = value;
    }
    return target;
  }
}
