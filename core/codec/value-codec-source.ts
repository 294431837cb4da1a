import type { ObjectField, ObjectType, TypeInfo } from '../types/type-info.js';
import { lacksProperty, literalKey, propertyOf } from './source-text.js';

/**
 * Generates the program of a value codec. Every composite type becomes a function `w1`, `w2`, … of a writer and a value,
 * and a function `r1`, `r2`, … of a reader; scalars are written in line.
 *
 * | kind            | bytes                                                             |
 * | --------------- | ----------------------------------------------------------------- |
 * | boolean         | one, 0 or 1                                                       |
 * | int             | zigzag varint                                                     |
 * | long, double    | 8, IEEE 754                                                       |
 * | bigint          | 8, two's complement                                               |
 * | date            | 8, IEEE 754, ms since 1970 UTC                                    |
 * | string          | see ByteWriter                                                    |
 * | bytes           | varint count, bytes                                               |
 * | generic         | a tagged value, see ValueTag                                      |
 * | nullable        | one: 0 value follows, 1 null, 2 undefined                         |
 * | array, map      | varint count, items (of a map: key, value)                        |
 * | tuple, object   | the fields one after the other; before an optional one a byte: 0 present, 3 missing |
 */
export class ValueCodecSource {
  /** Functions that make instances of classes; the program calls them `create0`, `create1`, … */
  readonly creates: ((fields: Readonly<Record<string, unknown>>) => object)[] = [];
  readonly #functions: string[] = [];
  #count = 0;

  /** The body of a function of `mismatch` and the creates, which answers `{ write(writer, value, path), read(reader) }`. */
  static of(type: TypeInfo): { readonly body: string; readonly creates: ValueCodecSource['creates'] } {
    const source = new ValueCodecSource();
    const write = source.#write(type, 'x');
    const read = source.#read(type);
    const body = [
      'let root, rootPath;',
      'function bad() { throw mismatch(root, rootPath); }',
      ...source.#functions,
      'return {',
      `write(w, x, path) { root = x; rootPath = path; w.path = path; ${write} root = undefined; },`,
      `read(r) { let s; return ${read}; },`,
      '};',
    ];
    return { body: body.join('\n'), creates: source.creates };
  }

  #write(type: TypeInfo, x: string): string {
    switch (type.kind) {
      case 'boolean':
        return `if (${x} === true) w.byte(1); else if (${x} === false) w.byte(0); else bad();`;
      case 'int':
        return `if (typeof ${x} !== 'number' || (${x} | 0) !== ${x}) bad(); w.int(${x});`;
      case 'long':
        return `if (!Number.isSafeInteger(${x})) bad(); w.double(${x} + 0);`;
      case 'double':
        return `if (typeof ${x} !== 'number') bad(); w.double(${x});`;
      case 'bigint':
        return `if (typeof ${x} !== 'bigint' || BigInt.asIntN(64, ${x}) !== ${x}) bad(); w.int64(${x});`;
      case 'string':
        return `if (typeof ${x} !== 'string') bad(); w.text(${x});`;
      case 'bytes':
        return `if (!(${x} instanceof Uint8Array)) bad(); w.varint(${x}.length); w.raw(${x});`;
      case 'date':
        return `if (!(${x} instanceof Date)) bad(); w.double(${x}.getTime());`;
      case 'generic':
        return `w.value(${x});`;
      case 'nullable':
        return `if (${x} === null) w.byte(1); else if (${x} === undefined) w.byte(2); else { w.byte(0); ${this.#write(type.of, x)} }`;
      default:
        return `${this.#composite('w', 'w, x', this.#writeComposite(type))}(w, ${x});`;
    }
  }

  #writeComposite(type: TypeInfo & { kind: 'array' | 'map' | 'tuple' | 'object' }): string {
    switch (type.kind) {
      case 'array':
        return (
          'if (!Array.isArray(x)) bad(); w.varint(x.length);' +
          ` for (let i = 0; i < x.length; i++) { const y = x[i]; ${this.#write(type.of, 'y')} }`
        );
      case 'map':
        return (
          'if (!(x instanceof Map)) bad(); w.varint(x.size);' +
          ` for (const [k, y] of x) { ${this.#write(type.key, 'k')} ${this.#write(type.value, 'y')} }`
        );
      case 'tuple': {
        const fields = type.fields.map((field, i) => `const y${i} = x[${i}]; ${this.#write(field, `y${i}`)}`);
        return `if (!Array.isArray(x) || x.length !== ${type.fields.length}) bad(); ${fields.join('\n')}`;
      }
      case 'object':
        return ["if (typeof x !== 'object' || x === null) bad();", ...type.fields.map((field, i) => this.#writeField(field, `y${i}`))].join(
          '\n',
        );
    }
  }

  #writeField(field: ObjectField, y: string): string {
    const load = `const ${y} = ${propertyOf('x', field.name)};`;
    const write = this.#write(field.type, y);
    if (field.optional !== true) return `${load} ${write}`;
    return `${load} if (${lacksProperty('x', field.name)}) w.byte(3); else { w.byte(0); ${write} }`;
  }

  /** An expression. It may use the variable `s`. */
  #read(type: TypeInfo): string {
    switch (type.kind) {
      case 'boolean':
        return 'r.byte() === 1';
      case 'int':
        return 'r.int()';
      case 'long':
      case 'double':
        return 'r.double()';
      case 'bigint':
        return 'r.int64()';
      case 'string':
        return 'r.text()';
      case 'bytes':
        return 'r.raw(r.count())';
      case 'date':
        return 'new Date(r.double())';
      case 'generic':
        return 'r.value()';
      case 'nullable':
        return `((s = r.byte()) === 0 ? ${this.#read(type.of)} : s === 1 ? null : undefined)`;
      default:
        return `${this.#composite('r', 'r', `let s; ${this.#readComposite(type)}`)}(r)`;
    }
  }

  #readComposite(type: TypeInfo & { kind: 'array' | 'map' | 'tuple' | 'object' }): string {
    switch (type.kind) {
      case 'array':
        return `const x = []; for (let n = r.count(${smallest(type.of)}); n > 0; n--) x.push(${this.#read(type.of)}); return x;`;
      case 'map':
        return (
          `const x = new Map(); for (let n = r.count(${smallest(type.key)}); n > 0; n--)` +
          ` { const k = ${this.#read(type.key)}; x.set(k, ${this.#read(type.value)}); } return x;`
        );
      case 'tuple':
        return `return [${type.fields.map((field) => this.#read(field)).join(', ')}];`;
      case 'object':
        return this.#readObject(type);
    }
  }

  #readObject(type: ObjectType): string {
    const optional = type.fields.some((field) => field.optional === true);
    const object = optional ? 'x' : `{ ${type.fields.map((field) => `${literalKey(field.name)}: ${this.#read(field.type)}`).join(', ')} }`;
    const assignments = optional ? type.fields.map((field) => this.#assignField(field)).join('\n') : '';
    if (type.create === undefined) return `${optional ? `const x = {}; ${assignments}` : ''} return ${object};`;
    this.creates.push(type.create);
    return `${optional ? `const x = {}; ${assignments}` : ''} return create${this.creates.length - 1}(${object});`;
  }

  #assignField(field: ObjectField): string {
    const assignment = `${propertyOf('x', field.name)} = ${this.#read(field.type)};`;
    return field.optional === true ? `if (r.byte() === 0) ${assignment}` : assignment;
  }

  #composite(prefix: string, parameters: string, body: string): string {
    const name = `${prefix}${++this.#count}`;
    this.#functions.push(`function ${name}(${parameters}) { ${body} }`);
    return name;
  }
}

/** How many bytes a value takes at least: 0 or 1. */
function smallest(type: TypeInfo): number {
  if (type.kind === 'tuple') return type.fields.some((field) => smallest(field) === 1) ? 1 : 0;
  if (type.kind === 'object') return type.fields.some((field) => field.optional === true || smallest(field.type) === 1) ? 1 : 0;
  return 1;
}
