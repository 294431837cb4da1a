import { UnsupportedRecordError } from '../types/errors.js';
import { findUnsupported, MAX_NESTING } from '../types/find-unsupported.js';
import { ByteWriter } from './byte-writer.js';
import { TYPED_ARRAYS, ValueTag } from './value-tag.js';

const TAG_OF_PROTOTYPE: ReadonlyMap<unknown, number> = new Map<unknown, number>(
  TYPED_ARRAYS.map((type, i) => [type.prototype as unknown, ValueTag.firstTypedArray + i]),
);

/**
 * Writes any supported value so that `ValueReader` gives back the same: null, undefined, booleans, numbers (-0, NaN and
 * infinities too), bigints of any size, strings, Date, ArrayBuffer, Buffer and typed arrays, arrays, Map, Set, plain objects and
 * objects without a prototype, nested at will.
 *
 * Not carried: holes of an array (they become `undefined`), properties that are not enumerable or have a symbol as key, identity
 * (an object met twice becomes two). Throws `UnsupportedRecordError` for functions, symbols, promises, cycles and instances
 * of classes; what was written before the error is still there, so set `position` back.
 */
export class ValueWriter extends ByteWriter {
  /** Where in the record the values written next are; errors put it before their own path. */
  path = '';
  #depth = 0;

  value(value: unknown): void {
    switch (typeof value) {
      case 'string':
        this.byte(ValueTag.text);
        this.text(value);
        return;
      case 'number':
        this.#number(value);
        return;
      case 'boolean':
        this.byte(value ? ValueTag.true : ValueTag.false);
        return;
      case 'undefined':
        this.byte(ValueTag.undefined);
        return;
      case 'bigint':
        this.#bigint(value);
        return;
      case 'object':
        if (value === null) this.byte(ValueTag.null);
        else this.#nested(value);
        return;
      default:
        throw this.#unsupported(value);
    }
  }

  #number(value: number): void {
    if ((value | 0) === value && !Object.is(value, -0)) {
      this.byte(ValueTag.int);
      this.int(value);
    } else {
      this.byte(ValueTag.double);
      this.double(value);
    }
  }

  #bigint(value: bigint): void {
    const negative = value < 0n;
    const hex = (negative ? -value : value).toString(16);
    const magnitude = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').reverse();
    this.byte(ValueTag.bigint);
    this.varint(magnitude.length * 2 + (negative ? 1 : 0));
    this.raw(magnitude);
  }

  /** Cycles end here too: they are deeper than anything. The error then says what it was, and where. */
  #nested(value: object): void {
    if (this.#depth >= MAX_NESTING) throw this.#unsupported(value);
    const root = this.#depth === 0;
    this.#depth++;
    try {
      this.#object(value);
      this.#depth--;
    } catch (error) {
      this.#depth = root ? 0 : this.#depth - 1;
      throw root && error instanceof UnsupportedRecordError ? (findUnsupported(value, this.path) ?? error) : error;
    }
  }

  #object(value: object): void {
    switch (Object.getPrototypeOf(value)) {
      case Object.prototype:
        this.#properties(ValueTag.object, value as Readonly<Record<string, unknown>>);
        return;
      case Array.prototype:
        this.#items(ValueTag.array, (value as readonly unknown[]).length, value as readonly unknown[]);
        return;
      case null:
        this.#properties(ValueTag.bareObject, value as Readonly<Record<string, unknown>>);
        return;
      case Date.prototype:
        this.byte(ValueTag.date);
        this.double((value as Date).getTime());
        return;
      case Map.prototype:
        this.#map(value as ReadonlyMap<unknown, unknown>);
        return;
      case Set.prototype:
        this.#items(ValueTag.set, (value as ReadonlySet<unknown>).size, value as ReadonlySet<unknown>);
        return;
      default:
        this.#binary(value);
    }
  }

  #binary(value: object): void {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === ArrayBuffer.prototype) {
      this.#block(ValueTag.arrayBuffer, new Uint8Array(value as ArrayBuffer));
      return;
    }
    const tag = prototype === Buffer.prototype ? ValueTag.buffer : TAG_OF_PROTOTYPE.get(prototype);
    if (tag === undefined) throw this.#unsupported(value);
    const view = value as ArrayBufferView;
    this.#block(tag, new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  }

  #block(tag: number, bytes: Uint8Array): void {
    this.byte(tag);
    this.varint(bytes.length);
    this.raw(bytes);
  }

  #properties(tag: number, value: Readonly<Record<string, unknown>>): void {
    const names = Object.keys(value);
    this.byte(tag);
    this.varint(names.length);
    for (const name of names) {
      this.text(name);
      this.value(value[name]);
    }
  }

  #items(tag: number, count: number, items: Iterable<unknown>): void {
    this.byte(tag);
    this.varint(count);
    for (const item of items) this.value(item);
  }

  #map(entries: ReadonlyMap<unknown, unknown>): void {
    this.byte(ValueTag.map);
    this.varint(entries.size);
    for (const [key, item] of entries) {
      this.value(key);
      this.value(item);
    }
  }

  #unsupported(value: unknown): UnsupportedRecordError {
    return findUnsupported(value, this.path) ?? new UnsupportedRecordError(this.path, `nested more than ${MAX_NESTING} deep`);
  }
}
