import { type TypeInfo, ValueReader, ValueWriter } from '#core';
import { expiringForm, formOf, listForm, type ValueForm, type Expiring } from '../heap/value-form.js';
import { evolve, Incompatible } from '../heap/type-evolution.js';
import type { LsmSpec } from './lsm-spec.js';

const GENERIC: TypeInfo = { kind: 'generic' };

interface Version {
  readonly type: TypeInfo | undefined;
  readonly expires: boolean;
  readonly form: ValueForm;
  /** Makes of a value one of the current version; undefined: nothing is to be done. */
  convert: ((value: unknown) => unknown) | undefined;
}

const writer = new ValueWriter(1024);
const reader = new ValueReader();

/**
 * The bytes of the values of a state: a byte that says in which version of the state's type the value was written, and the value. So values
 * that were written before the type changed are converted when they are read, one by one.
 */
export class VersionedForm {
  readonly #versions: Version[] = [];
  #current = 0;

  constructor(private readonly spec: LsmSpec) {
    this.add(spec.type, spec.expires);
  }

  /** Types and whether values have a time, by the number of the version. */
  get versions(): readonly Pick<Version, 'type' | 'expires'>[] {
    return this.#versions;
  }

  get current(): number {
    return this.#current;
  }

  /** The number of that version, a new one when it is not known. */
  versionOf(type: TypeInfo | undefined, expires: boolean): number {
    const known = this.#versions.findIndex((version) => sameType(version.type, type) && version.expires === expires);
    return known >= 0 ? known : this.add(type, expires);
  }

  /** Adds a version and answers its number. */
  add(type: TypeInfo | undefined, expires: boolean): number {
    const single = formOf(type, `state "${this.spec.name}"`);
    const element = expires ? expiringForm(single) : single;
    const form = this.spec.kind === 'list' ? listForm(element) : element;
    return this.#versions.push({ type, expires, form, convert: undefined }) - 1;
  }

  /** Values are of that type from now on. Answers why that cannot be. */
  become(type: TypeInfo | undefined, expires: boolean, nowMs: number): Incompatible | undefined {
    let declared = type;
    for (const version of this.#versions) {
      const evolution = evolve(version.type ?? GENERIC, declared ?? GENERIC);
      if (evolution instanceof Incompatible) return evolution;
      if (declared !== undefined) declared = evolution.type;
    }
    const known = this.#versions.length;
    this.#current = this.versionOf(declared, expires);
    for (const version of this.#versions.slice(0, known)) {
      version.convert = this.#conversion(version, this.#versions[this.#current]!, nowMs);
    }
    return undefined;
  }

  /** The bytes are valid until the next call, of whatever form. */
  encode(value: unknown): Buffer {
    writer.position = 0;
    writer.byte(this.#current);
    this.#versions[this.#current]!.form.write(writer, value);
    return writer.written();
  }

  decode(bytes: Buffer, start: number, end: number): unknown {
    reader.attach(bytes, start + 1, end);
    const version = this.#versions[bytes[start]!]!;
    const value = version.form.read(reader);
    return version.convert === undefined ? value : version.convert(value);
  }

  #conversion(from: Version, to: Version, nowMs: number): Version['convert'] {
    const { convert } = evolve(from.type ?? GENERIC, to.type ?? GENERIC) as { convert: Version['convert'] };
    if (from === to || (convert === undefined && from.expires === to.expires)) return undefined;
    const one = (value: unknown): unknown => {
      const plain = from.expires ? (value as Expiring).value : value;
      const converted = convert === undefined ? plain : convert(plain);
      return to.expires ? { value: converted, time: from.expires ? (value as Expiring).time : nowMs } : converted;
    };
    return this.spec.kind === 'list' ? (value) => (value as unknown[]).map(one) : one;
  }
}

function sameType(a: TypeInfo | undefined, b: TypeInfo | undefined): boolean {
  return JSON.stringify(a ?? GENERIC, withFunctions) === JSON.stringify(b ?? GENERIC, withFunctions);
}

/** A type that makes instances of a class is another one than the same type without. */
function withFunctions(_name: string, value: unknown): unknown {
  return typeof value === 'function' ? 'function' : value;
}
