import { compile, type TypeInfo } from '#core';

/** More numbers than this are kept as an object. */
const MOST_FIELDS = 12;

/** Values that are made of the same few numbers: a number itself, arrays of one length, or plain objects with the same fields. */
export interface NumberShape {
  /** Numbers of a value. */
  readonly width: number;
  /** Makes the value whose numbers stand from `at` on. */
  load(numbers: Float64Array, at: number): unknown;
  /** Puts the numbers of the value from `at` on; answers false, and puts none that counts, when the value is of another shape. */
  save(numbers: Float64Array, at: number, value: unknown): boolean;
}

/** The shape of a value; undefined when it is not made of numbers alone, or of too many. */
export function numberShapeOf(value: unknown): NumberShape | undefined {
  if (typeof value === 'number') return SINGLE;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return isFew(value.length) && isNumbers(value) ? arrayShape(value.length) : undefined;
  const names = Object.keys(value);
  const plain = Object.getPrototypeOf(value) === Object.prototype && Reflect.ownKeys(value).length === names.length;
  return plain && isFew(names.length) && !names.includes('__proto__') && isNumbers(Object.values(value)) ? objectShape(names) : undefined;
}

/** That of a declared type; undefined when that is not a number. */
export function declaredNumberShape({ kind }: TypeInfo): NumberShape | undefined {
  switch (kind) {
    case 'double':
      return SINGLE;
    case 'int':
      return { ...SINGLE, save: (numbers, at, value) => ((value as number) | 0) === value && saveWhole(numbers, at, value) };
    case 'long':
      return { ...SINGLE, save: (numbers, at, value) => Number.isSafeInteger(value) && saveWhole(numbers, at, value as number) };
    default:
      return undefined;
  }
}

/** Whole numbers have no -0, as in their form. */
function saveWhole(numbers: Float64Array, at: number, value: number): true {
  numbers[at] = value + 0;
  return true;
}

const SINGLE: NumberShape = {
  width: 1,
  load: (numbers, at) => numbers[at],
  save: (numbers, at, value) => {
    if (typeof value !== 'number') return false;
    numbers[at] = value;
    return true;
  },
};

function isFew(count: number): boolean {
  return count > 0 && count <= MOST_FIELDS;
}

function isNumbers(values: readonly unknown[]): boolean {
  return Array.from(values).every((value) => typeof value === 'number');
}

function arrayShape(width: number): NumberShape {
  const indices = Array.from({ length: width }, (_, index) => index);
  return shapeOf(width, {
    isSame: `Array.isArray(v) && v.length === ${width}`,
    reads: indices.map((index) => `v[${index}]`),
    made: `[${indices.map((index) => `n[at + ${index}]`).join(', ')}]`,
  });
}

/** A value with the fields in another order is of another shape: what comes back has them in the order they came in. */
function objectShape(names: readonly string[]): NumberShape {
  const quoted = names.map((name) => JSON.stringify(name));
  const inOrder = names.map((_, index) => `case ${index}: if (k !== ${quoted[index]!}) return false; break;`).join(' ');
  return shapeOf(names.length, {
    isSame: "typeof v === 'object' && v !== null && Object.getPrototypeOf(v) === Object.prototype && hasFields(v)",
    reads: quoted.map((name) => `v[${name}]`),
    made: `({ ${quoted.map((name, index) => `${name}: n[at + ${index}]`).join(', ')} })`,
    before: [
      'function hasFields(v) {',
      `let i = 0; for (const k in v) { switch (i++) { ${inOrder} default: return false; } } return i === ${names.length};`,
      '}',
    ].join('\n'),
  });
}

interface ShapeSource {
  /** Whether `v` may be such a value. */
  readonly isSame: string;
  /** Its numbers. */
  readonly reads: readonly string[];
  /** The value of the numbers in `n` from `at` on. */
  readonly made: string;
  readonly before?: string;
}

function shapeOf(width: number, { isSame, reads, made, before = '' }: ShapeSource): NumberShape {
  const constants = reads.map((read, index) => `const x${index} = ${read};`).join(' ');
  const areNumbers = reads.map((_, index) => `typeof x${index} === 'number'`).join(' && ');
  const puts = reads.map((_, index) => `n[at + ${index}] = x${index};`).join(' ');
  const body = [
    before,
    'return {',
    `width: ${width},`,
    `load(n, at) { return ${made}; },`,
    `save(n, at, v) { if (!(${isSame})) return false; ${constants} if (!(${areNumbers})) return false; ${puts} return true; },`,
    '};',
  ];
  return compile('number-shape', body.join('\n'), {}) as NumberShape;
}
